# Not run: makepkg-mingw, nor anything else of MSYS2; tests/packaging runs prepare() in bash.
#
# A fragment of a PKGBUILD, for the end of MSYS2's mingw-w64-ffmpeg/PKGBUILD:
#
#   git -C /path/to/ffmpeg-magnifier archive --prefix=ffmpeg-magnifier/ \
#       -o "$PWD/ffmpeg-magnifier.tar.gz" HEAD
#   cat /path/to/ffmpeg-magnifier/packaging/msys2/magnifier.sh >>PKGBUILD
#   gpg --recv-keys FCF986EA15E6E293A5644F10B4322F04D67658D8
#   MINGW_ARCH=ucrt64 makepkg-mingw -sf
#
# in the folder of that PKGBUILD, in an MSYS2 shell. The key, in the PKGBUILD's validpgpkeys, is
# FFmpeg's: makepkg checks the signature of FFmpeg's tarball with it. The PKGBUILD's configure turns on
# every device that the toolchain can build, so no option is needed. What is needed and printed is
# packaging/add-device.sh's.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

# shellcheck shell=bash disable=SC2034,SC2154 # what makepkg reads and sets

source+=('ffmpeg-magnifier.tar.gz')
sha256sums+=('SKIP')

# the package's own prepare(), with its patches, comes first
eval "_before_magnifier_$(declare -f prepare)"

prepare() {
  _before_magnifier_prepare || return
  sh "${srcdir}/ffmpeg-magnifier/packaging/add-device.sh" "${srcdir}/${_realname}-${pkgver}"
}
