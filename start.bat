@echo off
rem Double-click it on Windows: does what `make run` does, without make.
cd /d "%~dp0"
rem Without pip it is one that was cut short.
if exist .venv\Scripts\pip.exe goto install
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || goto nopython
py -3 -m venv .venv || goto novenv
:install
rem The stamp is a copy of the list that was installed last.
fc /b requirements.txt .venv\run.stamp >nul 2>&1 && goto run
echo Installing what Holdwell needs. This takes a minute, once.
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check -r requirements.txt || goto failed
copy /y requirements.txt .venv\run.stamp >nul
:run
.venv\Scripts\python -m streamlit run app.py
goto end
:novenv
rem A half-made one would be taken for a whole one the next time.
if exist .venv rmdir /s /q .venv
echo Python cannot make a virtual environment. Install Python from python.org, then open this file again.
goto failed
:nopython
echo Holdwell needs Python 3.11 or newer: install it from python.org, then open this file again.
:failed
pause
:end
