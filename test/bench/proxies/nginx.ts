import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hostname, type OpenProxy, type ProxyPlace, startProxy } from './proxy.ts'

/** The router's headers and the router's log line, in 64 KB batches, as ours are. */
export const openNginx: OpenProxy = async ({ folder, port, originPort, tls }) => {
  await mkdir(path.join(folder, 'logs'), { recursive: true })
  await writeFile(path.join(folder, 'tls.crt'), tls.certificate)
  await writeFile(path.join(folder, 'tls.key'), tls.key)
  await writeFile(path.join(folder, 'nginx.conf'), configuration({ folder, port, originPort, tls }))
  const command = ['nginx', '-p', folder, '-e', `${folder}/logs/error.log`, '-c', `${folder}/nginx.conf`]
  return { ...startProxy([...command, '-g', 'daemon off;'], { port }), tlsPort: tls.port }
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const configuration = ({ folder, port, originPort, tls }: ProxyPlace) => `
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events { worker_connections 8192; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  log_format router 'at=info method=$request_method path="$request_uri" host=$host request_id=$request_id '
    'fwd="$proxy_add_x_forwarded_for" dyno=web.1 connect=$upstream_connect_time service=$upstream_response_time '
    'status=$status bytes=$body_bytes_sent protocol=$server_protocol tls=false';
  access_log ${folder}/logs/access.log router buffer=64k flush=1s;
  keepalive_requests 1000000000;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream dynos { server 127.0.0.1:${originPort}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen 127.0.0.1:${tls.port} ssl backlog=4096;
    ssl_certificate ${folder}/tls.crt;
    ssl_certificate_key ${folder}/tls.key;
    server_name ${hostname};
    location / {
      proxy_pass http://dynos;
      proxy_http_version 1.1;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Request-Id $request_id;
      proxy_set_header X-Request-Start $msec;
      proxy_set_header Via "1.1 nginx";
      add_header Via "1.1 nginx";
    }
  }
}
`
