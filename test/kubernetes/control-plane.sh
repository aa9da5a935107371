#!/bin/bash
# A real control plane on loopback for tests: API, controllers, scheduler and etcd, and no node that would run anything.
#
#   test/kubernetes/control-plane.sh up FOLDER      builds what FOLDER lacks, starts it, prints where its kubeconfig is
#   test/kubernetes/control-plane.sh down FOLDER
#
#   SPILLWAY_TEST_KUBECONFIG=FOLDER/kubeconfig npm test -- services/autoscaler
#
# Needs go, etcd (Debian: etcd-server), openssl and kubectl. The first build takes some 7 minutes of two cores and 2 GB.
set -euo pipefail
version=1.36.3
for needed in go etcd openssl kubectl; do
  command -v $needed >/dev/null || { echo "$needed is not installed" >&2; exit 1; }
done
action=${1:-}
folder=$(realpath -m "${2:?a folder}")

build() {
  mkdir -p "$folder/module" && cd "$folder/module"
  local kubernetes
  printf 'module control-plane\n\ngo 1.26.0\n' >go.mod
  kubernetes=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  # The module names its parts by folders of its repository; they are modules of their own, of the same version.
  {
    printf 'require k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
    sed -nE 's/^\t(k8s\.io\/[a-z-]+) v0\.0\.0$/\1/p' "$kubernetes" | sort -u | sed "s/.*/\t& => & v0.${version#1.}/"
    echo ')'
  } >>go.mod
  local programs=(kube-apiserver kube-controller-manager kube-scheduler)
  printf '//go:build tools\n\npackage tools\n\n' >tools.go
  printf 'import _ "k8s.io/kubernetes/cmd/%s"\n' "${programs[@]}" >>tools.go
  go mod tidy
  for program in "${programs[@]}"; do
    nice go build -ldflags="-s -w -X k8s.io/component-base/version.gitVersion=v$version" -o "$folder/bin/$program" "k8s.io/kubernetes/cmd/$program"
  done
}

keys() {
  mkdir -p "$folder/keys" && cd "$folder/keys"
  openssl genrsa -out accounts.key 2048
  openssl rsa -in accounts.key -pubout -out accounts.pub
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj /CN=test
  openssl req -newkey rsa:2048 -nodes -keyout api.key -out api.csr -subj /CN=kube-apiserver
  openssl x509 -req -in api.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out api.crt -days 30 \
    -extfile <(echo subjectAltName=IP:127.0.0.1)
  echo "$(openssl rand -hex 16),admin,admin,system:masters" >tokens.csv
  kubectl config --kubeconfig="$folder/kubeconfig" set-cluster test --server=https://127.0.0.1:16443 --certificate-authority=ca.crt --embed-certs
  kubectl config --kubeconfig="$folder/kubeconfig" set-credentials admin --token="$(cut -d, -f1 tokens.csv)"
  kubectl config --kubeconfig="$folder/kubeconfig" set-context test --cluster=test --user=admin
  kubectl config --kubeconfig="$folder/kubeconfig" use-context test
}

start() {
  local name=$1
  shift
  "$@" >"$folder/$name.log" 2>&1 &
  echo $! >"$folder/$name.pid"
}

up() {
  [ -x "$folder/bin/kube-scheduler" ] || build
  [ -e "$folder/kubeconfig" ] || keys >/dev/null 2>&1
  cd "$folder"
  local etcd=http://127.0.0.1:12379 peers=http://127.0.0.1:12380
  start etcd etcd --data-dir etcd --listen-client-urls $etcd --advertise-client-urls $etcd \
    --listen-peer-urls $peers --initial-advertise-peer-urls $peers --initial-cluster default=$peers
  start api bin/kube-apiserver --etcd-servers=$etcd --bind-address=127.0.0.1 --secure-port=16443 \
    --tls-cert-file=keys/api.crt --tls-private-key-file=keys/api.key --token-auth-file=keys/tokens.csv \
    --authorization-mode=RBAC --service-account-issuer=https://test --service-account-key-file=keys/accounts.pub \
    --service-account-signing-key-file=keys/accounts.key --service-cluster-ip-range=10.96.0.0/16 --endpoint-reconciler-type=none
  export KUBECONFIG=$folder/kubeconfig
  for _ in $(seq 60); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    kill -0 "$(cat api.pid)" || { tail "$folder/api.log" >&2; exit 1; }
    sleep 1
  done
  start controllers bin/kube-controller-manager --kubeconfig="$KUBECONFIG" --leader-elect=false --bind-address=127.0.0.1 \
    --secure-port=16257 --cert-dir=keys --service-account-private-key-file=keys/accounts.key --root-ca-file=keys/ca.crt
  start scheduler bin/kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false --bind-address=127.0.0.1 --secure-port=16259 --cert-dir=keys
  kubectl wait --for=create serviceaccount/default --timeout=60s >/dev/null
  echo "$KUBECONFIG"
}

down() {
  cd "$folder"
  for file in scheduler.pid controllers.pid api.pid etcd.pid; do
    [ -e "$file" ] || continue
    kill "$(cat "$file")" || true
    tail --pid="$(cat "$file")" -f /dev/null
    rm "$file"
  done
}

case $action in
  up) up ;;
  down) down ;;
  *)
    sed -n '2,9s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
