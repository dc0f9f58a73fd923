#!/bin/sh
# Gets the programs that some tests run: a browser, and those that read PDFs. Debian's packages when root,
# else Playwright's own browser. Never fails: a test that misses its tool says so, and fails in CI.
# Usage: install.sh FOLDER_OF_PYTHON_PROGRAMS [weasyprint]
bin=$1
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
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

if [ -z "$missing" ]; then
    :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing"
    # shellcheck disable=SC2086  # a list of words
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing; } </dev/null >/dev/null || echo "apt-get could not install$missing"
else
    case $missing in *chromium*) "$bin/playwright" install chromium || echo "no browser could be installed" ;; esac
    echo "for all tests, as root: apt-get install$missing"
fi
if [ ! -e "$jar" ] && command -v npm >/dev/null 2>&1; then
    npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null \
        || echo "npm could not install the judge of HTML"
fi
exit 0
