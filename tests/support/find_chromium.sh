# Prints the path of a Chromium or Chrome, or nothing; first of the one that never has a window and
# costs a sixth less. CHROMIUM names one that is elsewhere.
find_chromium() {
    for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        [ -n "$name" ] && command -v "$name" 2>/dev/null && return 0
    done
    return 0
}
