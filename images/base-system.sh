#!/bin/sh
# base-system.sh ARCHITECTURE FOLDER: the part of Debian that a service needs to run, for any architecture, without
# running a program of it. Every package leaves its licence, and its entry where scanners look for packages; FOLDER.list
# names them.
set -eu
architecture=$1
root=$2

mkdir -p "$root"/usr/lib "$root"/usr/bin "$root"/usr/sbin "$root"/etc/ssl/certs "$root"/var/lib/dpkg/status.d \
  "$root"/app "$root"/data "$root"/proc "$root"/dev "$root"/sys
for name in bin sbin lib lib64; do
  mkdir -p "$root/usr/$name"
  ln -s "usr/$name" "$root/$name"
done
mkdir -m 1777 "$root/tmp"
chown 1000:1000 "$root/data"
printf 'root:x:0:0:root:/:/bin/sh\nspillway:x:1000:1000:Spillway:/tmp:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nspillway:x:1000:\n' >"$root/etc/group"

# libstdc++ is what node is linked with; busybox is the shell of the engineer on call, and asks for the health.
dpkg --add-architecture "$architecture"
apt-get -q update
apt-get -q install -y --no-install-recommends busybox
cd "$(mktemp -d)"
apt-get -q download base-files:"$architecture" ca-certificates busybox:"$architecture" gcc-14-base:"$architecture" libatomic1:"$architecture" \
  libc6:"$architecture" libgcc-s1:"$architecture" libstdc++6:"$architecture"
for package in ./*.deb; do
  name=$(dpkg-deb --field "$package" Package)
  dpkg-deb --field "$package" >"$root/var/lib/dpkg/status.d/$name"
  dpkg-deb --show --showformat '${Package} ${Version} ${Architecture}\n' "$package" >>"$root.list"
  case $name in
    base-files) # for its release file alone: that is how scanners know which Debian this is
      dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" ./usr/lib/os-release ./usr/share/doc/base-files/copyright
      ;;
    *) dpkg-deb --extract "$package" "$root" ;;
  esac
done
ln -s ../usr/lib/os-release "$root/etc/os-release"
for applet in $(busybox --list); do
  [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
# What ca-certificates itself makes when it is installed.
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
rm -r "$root"/usr/share/ca-certificates "$root"/usr/sbin/update-ca-certificates
find "$root/usr/share/doc" -type f ! -name copyright -delete
rm -rf "$root"/usr/share/man "$root"/usr/share/lintian "$root"/usr/share/gdb "$root"/usr/share/gcc "$root"/usr/share/initramfs-tools
