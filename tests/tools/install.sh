#!/bin/sh
# Gets the programs that some tests run: a browser, and those that read PDFs. Debian's packages when root,
# else Playwright's own browser. Never fails: a test that misses its tool says so, and fails in CI.
# Usage: install.sh FOLDER_OF_PYTHON_PROGRAMS [weasyprint]
bin=$1
missing=""
command -v qpdf >/dev/null 2>&1 || missing="$missing qpdf"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
# Without any font the browser draws empty boxes.
fc-list 2>/dev/null | grep -q DejaVuSans || missing="$missing fontconfig fonts-dejavu-core"
# What steers the browser needs a library that a small system lacks.
"$bin/playwright" --version >/dev/null 2>&1 || missing="$missing libatomic1"
# The judge of PDF/A and PDF/UA is compiled here (veraPDF's library comes with a Python package).
command -v javac >/dev/null 2>&1 || missing="$missing default-jdk-headless"
test -e /usr/share/java/jaxb-runtime.jar || missing="$missing libjaxb-java"
# The judge of HTML is a jar that npm brings; Java comes with the compiler above.
here=$(dirname "$0")/..
jar=$here/node_modules/vnu-jar/build/dist/vnu.jar
test -e "$jar" || command -v npm >/dev/null 2>&1 || missing="$missing npm"
# Only for the measurements: the other engine draws with Pango.
if [ "$2" = weasyprint ]; then
    "$bin/python" -c "import weasyprint" >/dev/null 2>&1 \
        || missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
fi

# Debian's headless shell draws as its browser does, for a third less of the processor: wanted, but the browser will do.
shell=""
command -v chromium-headless-shell >/dev/null 2>&1 || shell=" chromium-headless-shell"
command -v chromium >/dev/null 2>&1 || test -z "$shell" || missing="$missing chromium"

install() {
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 </dev/null >/dev/null 2>&1
}

if [ -z "$missing$shell" ]; then
    :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing$shell"
    apt-get update -qq </dev/null >/dev/null || echo "apt-get could not look for what is new"
    if [ -n "$shell" ] && install "$shell"; then missing=$(echo "$missing" | sed 's/ chromium$//'); fi
    test -z "$missing" || install "$missing" || echo "apt-get could not install$missing"
elif [ -n "$missing" ]; then
    case $missing in *chromium*) "$bin/playwright" install chromium || echo "no browser could be installed" ;; esac
    echo "for all tests, as root: apt-get install$missing"
fi
if [ ! -e "$jar" ] && command -v npm >/dev/null 2>&1; then
    npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null \
        || echo "npm could not install the judge of HTML"
fi
exit 0
