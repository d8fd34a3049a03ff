#!/bin/bash
# Status 0 when the portal answers that it works. Bash alone asks: a Node for each question would cost a small Pi a second of its time.
port=${KERBEROS_PORT:-80}
# What is no port is left aside by the device too.
[[ $port =~ ^[0-9]{1,5}$ ]] && ((10#$port >= 1 && 10#$port <= 65535)) || port=80
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 8 _ status _ <&3
[ "$status" = 200 ]
