#!/bin/sh
# 离线核验：只用 coreutils 和 openssl，不联网，不信任任何平台。用法：sh verify_offline.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
stop() { echo "核验不通过：$1"; exit 1; }
json=$(cat signature.json)
field() { rest=${json#*\""$1"\":}; [ "$rest" != "$json" ] || stop "缺少 $1"; case $rest in \"*) rest=${rest#\"}; printf '%s' "${rest%%\"*}";; *) printf '%s' "${rest%%[,\}]*}";; esac; }
decode() { text=$(printf '%s' "$1" | tr '_-' '/+'); while [ $(( ${#text} % 4 )) -ne 0 ]; do text="$text="; done; printf '%s' "$text" | base64 -d; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
sum=$(sha256sum document.json); digest=${sum%% *}
method=$(field method)
verify() { # $1 signed bytes
  case $(field alg) in
    -7|-257) openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/sig" "$1" >/dev/null 2>&1 || stop "签名与公钥不符";;
    -8) openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$1" -sigfile "$work/sig" >/dev/null 2>&1 || stop "签名与公钥不符";;
    SM2) openssl dgst -sm3 -verify "$work/key.pem" -sigopt distid:1234567812345678 -signature "$work/sig" "$1" >/dev/null 2>&1 || stop "签名与证书不符";;
    *) stop "不认识的算法";;
  esac
}
[ "$method" = paper ] || { decode "$(field signature)" > "$work/sig"; printf '%b' "$(field public_key_pem)" > "$work/key.pem"; }
case $method in
webauthn)
  decode "$(field client_data_json)" > "$work/client"; decode "$(field authenticator_data)" > "$work/auth"
  client=$(cat "$work/client")
  part() { rest=${client#*\""$1"\":\"}; printf '%s' "${rest%%\"*}"; }
  [ "$(part type)" = webauthn.get ] || stop "不是签署"
  [ "$(part origin)" = "$(field origin)" ] || stop "签署的网站不符"
  case $client in *'"crossOrigin":true'*) stop "签署页面被嵌在其他网站中";; esac
  [ "$(decode "$(part challenge)" | hex)" = "$digest" ] || stop "所签的不是这份文本"
  [ "$(head -c 32 "$work/auth" | hex)" = "$(printf '%s' "$(field rp_id)" | sha256sum | head -c 64)" ] || stop "签署网站的标识不符"
  flags=$(od -An -tu1 -j32 -N1 "$work/auth"); [ $(( flags & 5 )) -eq 5 ] || stop "没有经过本人验证"
  { cat "$work/auth"; openssl dgst -sha256 -binary "$work/client"; } > "$work/message"
  verify "$work/message"
  print=$(openssl pkey -pubin -in "$work/key.pem" -outform DER | sha256sum | head -c 20)
  echo "本人密钥签署（A）：有效"; echo "密钥指纹：$print";;
login)
  printf '%b' "$(field statement)" > "$work/statement"
  case $(cat "$work/statement") in *"sha256 $digest"*) ;; *) stop "平台证明的不是这份文本";; esac
  verify "$work/statement"
  echo "登录确认（B）：平台证明有效。这不是本人密钥签名";;
sm2)
  verify document.json
  echo "数字证书签署（S）：签名有效。证书是否由所称机构签发、是否已吊销，请用该机构的根证书和吊销列表核对";;
paper) echo "纸质签署（C）：两人代录，没有电子签名。扫描件摘要：$(field scan_sha256)";;
*) stop "不认识的签署方式";;
esac
echo "文本摘要（SHA-256）：$digest"
