/**
 * What `web: heroku-php-apache2 public/` runs, under both of its names (it is a link, and looks how it was called): php-fpm and a
 * web server before it, in the foreground, their messages on standard error. It takes Heroku's options:
 *
 *     heroku-php-nginx [-C server include] [-F php-fpm include] [-i php.ini] [-l log to show]... [-p port] [document root]
 *
 * Where the machine has no such server (This computer may not), PHP's own serves.
 */
export const serveScript = `#!/usr/bin/env bash
# Written by Hearth's buildpack php.
set -eu
fail() { echo "$name: $1" >&2; exit 2; }
name=\${0##*/}
server=\${name#heroku-php-}
app=\${HOME:?}
include='' fpm_include='' ini='' port=\${PORT:-} logs=()
while getopts ':C:F:i:l:p:v' option; do
  case $option in
    C) include=$(realpath -qe -- "$OPTARG") || fail "there is no file $OPTARG to include" ;;
    F) fpm_include=$(realpath -qe -- "$OPTARG") || fail "there is no file $OPTARG to include" ;;
    i) ini=$(realpath -qe -- "$OPTARG") || fail "there is no php.ini $OPTARG" ;;
    l) logs+=("$OPTARG") ;;
    p) port=$OPTARG ;;
    v) ;;
    *) fail "the option -$OPTARG is not known, or wants a value" ;;
  esac
done
shift $((OPTIND - 1))
root=$(realpath -qe -- "$app/\${1:-}") || fail "there is no folder \${1:-} to serve"
[[ $port =~ ^[0-9]+$ ]] || fail 'PORT is not set'

# As many processes as the dyno's memory holds of what each may use: the last memory_limit that is said, else Debian's 128 MB.
if [ -z "\${WEB_CONCURRENCY:-}" ] && [ -n "\${MEMORY_AVAILABLE:-}" ]; then
  limit=$(cat "\${ini:-/dev/null}" "\${fpm_include:-/dev/null}" "$root/.user.ini" 2>/dev/null |
    sed -nE 's/^\\s*(php(_admin)?_value\\[)?memory_limit\\]?\\s*=\\s*"?([0-9]+[KMG]?)\\b.*/\\3/Ip' | tail -n 1)
  megabytes=$(($(numfmt --from=iec "\${limit:-128M}") / 1048576))
  WEB_CONCURRENCY=$((MEMORY_AVAILABLE / (megabytes > 0 ? megabytes : 128)))
  export WEB_CONCURRENCY=$((WEB_CONCURRENCY > 0 ? WEB_CONCURRENCY : 1))
fi

# The newest of several versions: php-fpm8.2.
find_program() {
  local folder found=''
  local -a folders
  IFS=: read -ra folders <<<"$PATH:/usr/local/sbin:/usr/sbin"
  for folder in "\${folders[@]}"; do
    for found in $(compgen -G "$folder/$1" | sort -rV); do
      if [ -x "$found" ]; then echo "$found"; return; fi
    done
  done
}
fpm=$(find_program 'php-fpm*')
case $server in
  # Apache serves nothing as root, which on a server no dyno is.
  apache2) program=''; if [ "$(id -u)" != 0 ]; then program=$(find_program apache2); fi ;;
  nginx) program=$(find_program nginx) ;;
  *) fail 'call it as heroku-php-apache2 or heroku-php-nginx' ;;
esac

work=$(mktemp -d)
helpers=() fpm_pid='' server_pid=''
# Both answer what they have begun before they end: each has another signal for that. Parameter: php-fpm's.
finish() {
  trap '' TERM INT
  case $server in
    nginx) kill -QUIT "$server_pid" 2>/dev/null || true ;;
    *) kill -WINCH "$server_pid" 2>/dev/null || true ;;
  esac
  wait "$server_pid" 2>/dev/null || true
  kill "-$1" "$fpm_pid" 2>/dev/null || true
  wait "$fpm_pid" 2>/dev/null || true
  kill "\${helpers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
# All that servers have to say goes through one pipe: not every kind of standard error can be opened by its name.
mkfifo "$work/log"
exec 9<>"$work/log"
cat <&9 >&2 &
helpers+=($!)
for log in \${logs[@]+"\${logs[@]}"}; do
  : >>"$log"
  tail -qF -n 0 -- "$log" >&2 &
  helpers+=($!)
done
mkdir "$work/ini" "$work/sessions"
cat >"$work/ini/hearth.ini" <<INI
expose_php = Off
session.save_path = "$work/sessions"
opcache.validate_timestamps = 0
opcache.enable_cli = 0
log_errors = On
error_log = "$work/log"
display_errors = Off
INI
if [ -n "$ini" ]; then cp "$ini" "$work/ini/zz-app.ini"; fi
export PHP_INI_SCAN_DIR="\${PHP_INI_SCAN_DIR:-}:$work/ini"

if [ -z "$fpm" ] || [ -z "$program" ]; then
  echo "$name: there is no \${server} with php-fpm that could serve here, so PHP's own server is used; .htaccess and -C mean nothing to it" >&2
  kill "\${helpers[0]}"
  export PHP_CLI_SERVER_WORKERS=\${WEB_CONCURRENCY:-2}
  exec php -S "0.0.0.0:$port" -t "$root"
fi

as_root=()
if [ "$(id -u)" = 0 ]; then as_root=(-R); fi
cat >"$work/fpm.conf" <<FPM
[global]
daemonize = no
error_log = $work/log
log_level = warning
log_limit = 65536
systemd_interval = 0
[www]
$(if [ "$(id -u)" = 0 ]; then echo 'user = root'; fi)
listen = $work/fpm.sock
pm = ondemand
pm.max_children = \${WEB_CONCURRENCY:-4}
pm.process_idle_timeout = 60s
clear_env = no
catch_workers_output = yes
decorate_workers_output = no
$(if [ -n "$fpm_include" ]; then echo "include = $fpm_include"; fi)
FPM
"$fpm" \${as_root[@]+"\${as_root[@]}"} --nodaemonize --fpm-config "$work/fpm.conf" &
fpm_pid=$!

# Of the app itself, where it is its own document root, visitors get pages only.
private=''
if [ "$root" = "$(realpath -- "$app")" ]; then private='composer\\.(json|lock)|Procfile|app\\.json|package(-lock)?\\.json|vendor|node_modules'; fi

serve_nginx() {
  cat >"$work/nginx.conf" <<NGINX
daemon off;
pid $work/nginx.pid;
error_log $work/log warn;
$(if [ "$(id -u)" = 0 ]; then echo 'user root;'; fi)
worker_processes 1;
events { worker_connections 1024; }
http {
  $(if [ -f /etc/nginx/mime.types ]; then echo 'include /etc/nginx/mime.types;'; fi)
  default_type application/octet-stream;
  access_log off;
  server_tokens off;
  sendfile on;
  keepalive_timeout 95s;
  client_max_body_size 0;
  gzip on;
  gzip_proxied any;
  gzip_types text/css text/plain text/xml application/javascript application/json application/xml image/svg+xml;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  map \\$http_x_forwarded_proto \\$hearth_https { https on; default ''; }
  upstream heroku-fcgi { server unix:$work/fpm.sock; }
  server {
    listen $port;
    root "$root";
    index index.php index.html index.htm;
    port_in_redirect off;
    absolute_redirect off;
    location ~ /\\.(?!well-known/) { return 404; }
    $(if [ -n "$private" ]; then echo "location ~ ^/($private)(/|\\$) { return 404; }"; fi)
    $(if [ -n "$include" ]; then echo "include $include;"; else echo 'location / { try_files $uri $uri/ /index.php$is_args$args; }'; fi)
    location ~ \\.php(/|\\$) {
      fastcgi_split_path_info ^(.+?\\.php)(/.*)\\$;
      if (!-f \\$document_root\\$fastcgi_script_name) { return 404; }
      fastcgi_pass heroku-fcgi;
      fastcgi_param SCRIPT_FILENAME \\$document_root\\$fastcgi_script_name;
      fastcgi_param SCRIPT_NAME \\$fastcgi_script_name;
      fastcgi_param PATH_INFO \\$fastcgi_path_info;
      fastcgi_param QUERY_STRING \\$query_string;
      fastcgi_param REQUEST_METHOD \\$request_method;
      fastcgi_param CONTENT_TYPE \\$content_type;
      fastcgi_param CONTENT_LENGTH \\$content_length;
      fastcgi_param REQUEST_URI \\$request_uri;
      fastcgi_param DOCUMENT_URI \\$document_uri;
      fastcgi_param DOCUMENT_ROOT \\$document_root;
      fastcgi_param SERVER_PROTOCOL \\$server_protocol;
      fastcgi_param GATEWAY_INTERFACE CGI/1.1;
      fastcgi_param SERVER_SOFTWARE nginx;
      fastcgi_param REMOTE_ADDR \\$remote_addr;
      fastcgi_param REMOTE_PORT \\$remote_port;
      fastcgi_param SERVER_ADDR \\$server_addr;
      fastcgi_param SERVER_PORT \\$server_port;
      fastcgi_param SERVER_NAME \\$host;
      fastcgi_param HTTPS \\$hearth_https if_not_empty;
      # CVE-2016-5385: no client names the proxy of the app's own requests.
      fastcgi_param HTTP_PROXY '';
    }
  }
}
NGINX
  exec "$program" -e "$work/log" -c "$work/nginx.conf"
}

serve_apache2() {
  local modules=/usr/lib/apache2/modules module
  cat >"$work/apache.conf" <<APACHE
ServerRoot "$work"
PidFile "$work/apache.pid"
Mutex fcntl:$work
ServerName localhost
Listen $port
ServerTokens Prod
ErrorLog "$work/log"
KeepAliveTimeout 95
$(for module in mpm_event authn_core authz_core authz_host authn_file authz_user auth_basic access_compat unixd dir mime env setenvif headers expires deflate filter rewrite alias negotiation autoindex proxy proxy_fcgi; do
  if [ -f "$modules/mod_$module.so" ]; then echo "LoadModule \${module}_module $modules/mod_$module.so"; fi
done)
$(if [ -f /etc/mime.types ]; then echo 'TypesConfig /etc/mime.types'; fi)
DocumentRoot "$root"
DirectoryIndex index.php index.html index.htm
SetEnvIf X-Forwarded-Proto ^https\\$ HTTPS=on
RequestHeader unset Proxy early
SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=\\$1
AddOutputFilterByType DEFLATE text/html text/css text/plain text/xml application/javascript application/json application/xml image/svg+xml
<Directory />
  Require all denied
</Directory>
<Directory "$root">
  Options FollowSymLinks
  AllowOverride All
  Require all granted
  $(if [ -f "$root/index.php" ] && [ ! -f "$root/.htaccess" ]; then echo 'FallbackResource /index.php'; fi)
</Directory>
<LocationMatch "/\\.(?!well-known/)">
  Require all denied
</LocationMatch>
$(if [ -n "$private" ]; then printf '<LocationMatch "^/(%s)(/|$)">\\n  Require all denied\\n</LocationMatch>\\n' "$private"; fi)
<FilesMatch "\\.php\\$">
  <If "-f %{REQUEST_FILENAME}">
    SetHandler "proxy:unix:$work/fpm.sock|fcgi://heroku-fcgi"
  </If>
</FilesMatch>
<Proxy "fcgi://heroku-fcgi">
  ProxySet timeout=3600
</Proxy>
$(if [ -n "$include" ]; then echo "Include $include"; fi)
APACHE
  exec "$program" -DFOREGROUND -f "$work/apache.conf"
}

"serve_$server" &
server_pid=$!
trap 'finish QUIT; exit 0' TERM INT
# Whichever ends first, the dyno ends with it.
status=0
wait -n "$fpm_pid" "$server_pid" || status=$?
echo "$name: a server ended with status $status" >&2
finish TERM
exit $((status == 0 ? 1 : status))
`
