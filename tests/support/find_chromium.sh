# Prints the path of a Chromium or Chrome, or nothing. It tries $CHROMIUM first, then the headless
# shell, which has no windows and needs a sixth less CPU time.
find_chromium() {
    for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        [ -n "$name" ] && command -v "$name" 2>/dev/null && return 0
    done
    return 0
}
