#!/usr/bin/env bash
# build/setup.sh build|test|test-slurm|torture|package|demo: sees to what the machine must have for that. Debian's and Ubuntu's packages are installed where
# root runs it; elsewhere, and for anything that is not to be had, a line says what is missing.
set -u

say() { printf 'setup: %s\n' "$*" >&2; }

apt_get() { DEBIAN_FRONTEND=noninteractive timeout 600 apt-get -qq -o Dpkg::Use-Pty=0 "$@" >/dev/null 2>&1 </dev/null; }

# Installs the first of these packages that the release has; a fresh list of packages is fetched only if the old one does not do.
apt_first() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    local list name
    for list in old fresh; do
        [ $list = old ] || apt_get update || return 1
        for name in "$@"; do
            if apt-cache show "$name" >/dev/null 2>&1; then
                say "installing $name"
                apt_get install --no-install-recommends --yes "$name" && return 0
            fi
        done
    done
    return 1
}

has_hdf5() {
    [ -n "${ORCASONG_HDF5:-}" ] && return 0
    local loader=ldconfig
    command -v ldconfig >/dev/null || loader=/sbin/ldconfig
    "$loader" -p 2>/dev/null | grep -q 'libhdf5\(_serial\)\?\.so' && return 0
    compgen -G "${CONDA_PREFIX:-/usr/local}/lib/libhdf5.*" >/dev/null || compgen -G '/opt/homebrew/lib/libhdf5.dylib' >/dev/null ||
        compgen -G '/usr/local/lib*/libhdf5*' >/dev/null
}

has_slurm() {
    local command
    for command in slurmctld slurmd sbatch munged; do
        PATH="$PATH:/usr/sbin:/sbin" command -v $command >/dev/null || return 1
    done
}

has_h5py() { /usr/bin/python3 -c 'import h5py, tables' 2>/dev/null; }

if ! dotnet --list-sdks 2>/dev/null | grep -q '^\(1[0-9]\|[2-9][0-9]\)\.'; then
    say 'the .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 (Debian and Ubuntu with' \
        "Microsoft's packages: apt-get install dotnet-sdk-10.0; macOS: brew install dotnet) and put dotnet on the PATH."
    exit 1
fi

has_hdf5 || apt_first libhdf5-310 libhdf5-103-1t64 libhdf5-103-1 ||
    say 'the HDF5 library was not found. Debian, Ubuntu: apt-get install libhdf5-103-1 (newer releases: libhdf5-310); Fedora: dnf' \
        'install hdf5; macOS: brew install hdf5; or let ORCASONG_HDF5 name its file or folder.'

# Only for speed: chunks inflate faster by it.
/sbin/ldconfig -p 2>/dev/null | grep -q 'libdeflate\.so' || [ "$(uname)" != Linux ] || apt_first libdeflate0 ||
    say 'libdeflate was not found: files are read more slowly. Debian, Ubuntu: apt-get install libdeflate0; Fedora: dnf install libdeflate.'

case "${1:-}" in
    test | torture)
        has_h5py || { apt_first python3-h5py && apt_first python3-tables; } ||
            say 'no /usr/bin/python3 with h5py and tables (python3-h5py, python3-tables): tests against them are skipped.'
        command -v h5dump >/dev/null || apt_first hdf5-tools || say 'no h5dump (hdf5-tools): tests with it are skipped.'
        command -v gnuplot >/dev/null || apt_first gnuplot-nox || say 'no gnuplot (gnuplot-nox): tests of pictures are skipped.'
        command -v pdftotext >/dev/null || apt_first poppler-utils || say 'no pdftotext (poppler-utils): tests of the text of PDFs are skipped.'
        ;;
    test-slurm)
        has_slurm || { apt_first slurm-wlm && apt_first munge && has_slurm; } ||
            { say 'Slurm is missing. Debian, Ubuntu: apt-get install slurm-wlm munge.'; exit 1; }
        command -v snakemake >/dev/null || apt_first snakemake || say 'no snakemake: the test of the example for it is skipped.'
        ;;
    demo)
        command -v gnuplot >/dev/null || apt_first gnuplot-nox || say 'no gnuplot (gnuplot-nox): the demo draws in the terminal only.'
        ;;
esac
exit 0
