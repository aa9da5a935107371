#!/bin/sh
# ffmpeg.sh ARCHITECTURE FOLDER: ffmpeg and ffprobe from Debian's sources, static, with what packages/media uses: every
# decoder that is part of ffmpeg, and of the rest only what is named below. Builds for another architecture as well.
# FOLDER.list names the source packages that it was made from.
set -eu
architecture=$1
to=$2

dpkg --add-architecture "$architecture"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
  [ ! -e $list ] || sed -i -e 's/^Types: deb$/Types: deb deb-src/' -e 's/^deb \(.*\)/deb \1\ndeb-src \1/' $list
done
apt-get -q update
apt-get -q install -y --no-install-recommends dpkg-dev gcc libc6-dev make meson nasm pkgconf
eval "$(dpkg-architecture --host-arch "$architecture" --print-set)"
# Debian has these as static libraries; libdav1d it has not.
apt-get -q install -y --no-install-recommends "g++-$(echo "$DEB_HOST_GNU_TYPE" | tr _ -)" libssl-dev:"$architecture" libx264-dev:"$architecture" \
  libzimg-dev:"$architecture" libzstd-dev:"$architecture" zlib1g-dev:"$architecture"

mkdir /build
cd /build
apt-get -q source ffmpeg dav1d
export PKG_CONFIG_LIBDIR="/usr/lib/$DEB_HOST_MULTIARCH/pkgconfig:/usr/share/pkgconfig:/opt/dav1d/lib/pkgconfig"

meson env2mfile --cross --debarch "$architecture" -o cross.txt
meson setup --cross-file cross.txt --buildtype release --default-library static --prefix /opt/dav1d --libdir lib \
  -Denable_tools=false -Denable_tests=false dav1d-build dav1d-*/
ninja -C dav1d-build install

version() { dpkg-query --show --showformat '${source:Upstream-Version}' "$1:$architecture"; }
cd ffmpeg-*/
# One order is encoded by one build: the version says which, with x264's.
revision=$(dpkg-parsechangelog --show-field Version | sed 's/.*-//')
./configure \
  --arch="$DEB_HOST_GNU_CPU" --target-os=linux \
  --enable-cross-compile --cross-prefix="$DEB_HOST_GNU_TYPE-" --pkg-config=pkg-config --pkg-config-flags=--static \
  --extra-version="$revision+spillway-x264-$(version libx264-dev | sed 's/+.*//')" \
  --extra-cflags="$(dpkg-buildflags --get CPPFLAGS) $(dpkg-buildflags --get CFLAGS) -g0" --enable-pic \
  --extra-ldexeflags="$(dpkg-buildflags --get LDFLAGS) -static-pie" --extra-libs=-lm \
  --disable-autodetect --disable-iconv --disable-debug --disable-doc --disable-ffplay --disable-avdevice --disable-postproc \
  --enable-gpl --enable-version3 \
  --enable-libdav1d --enable-libx264 --enable-libzimg --enable-openssl --enable-zlib \
  --disable-encoders --enable-encoder=aac,libx264,mjpeg,rawvideo,wrapped_avframe,pcm_s16le \
  --disable-muxers --enable-muxer=framemd5,image2,image2pipe,mp4,null \
  --disable-demuxers --enable-demuxer=aac,ac3,aiff,amr,asf,avi,caf,dv,eac3,flac,flv,gif,gxf,ivf,matroska,mov,mp3 \
  --enable-demuxer=mpegps,mpegts,mxf,nut,ogg,rm,w64,wav,wtv \
  --enable-demuxer=av1,dts,h264,hevc,loas,m4v,mpegvideo,truehd \
  --disable-protocols --enable-protocol=file,http,https,pipe,tcp,tls \
  --disable-filters --enable-filter=aformat,anull,apad,aresample,asetpts,atrim,crop,format,fps,hflip,null,rotate,scale \
  --enable-filter=select,setpts,setsar,settb,split,tile,tonemap,tpad,transpose,trim,vflip,yadif,zscale
make -j"$((2 * $(nproc)))" ffmpeg ffprobe
"$DEB_HOST_GNU_TYPE-strip" ffmpeg ffprobe
mkdir -p "$to/usr/bin" "$to/usr/share/doc/ffmpeg"
cp ffmpeg ffprobe "$to/usr/bin/"
cp COPYING.GPLv3 debian/copyright "$to/usr/share/doc/ffmpeg/"

linked="libc6-dev libssl-dev libx264-dev libzimg-dev libzstd-dev zlib1g-dev"
install -D --mode 644 ../dav1d-*/debian/copyright "$to/usr/share/doc/dav1d/copyright"
for package in $linked; do
  install -D --mode 644 "/usr/share/doc/$package/copyright" "$to/usr/share/doc/$package/copyright"
done
{
  for source in ../*.dsc; do
    sed -n -e 's/^Source: //p' -e 's/^Version: //p' "$source" | head -n 2 | paste -d ' ' - - | sed 's/$/ source/'
  done
  for package in $linked; do
    dpkg-query --show --showformat '${source:Package} ${source:Version} source\n' "$package:$architecture"
  done
} >"$to.list"
