@echo off
rem Double-click it on Windows: does what `make run` does, without make.
cd /d "%~dp0"
if exist .venv\Scripts\python.exe goto install
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || goto nopython
py -3 -m venv .venv || goto failed
:install
rem The stamp is a copy of the list that was installed last.
fc /b requirements.txt .venv\run.stamp >nul 2>&1 && goto run
echo Installing what Holdwell needs. This takes a minute, once.
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check -r requirements.txt || goto failed
copy /y requirements.txt .venv\run.stamp >nul
:run
.venv\Scripts\python -m streamlit run app.py
goto end
:nopython
echo Holdwell needs Python 3.11 or newer: install it from python.org, then open this file again.
:failed
pause
:end
