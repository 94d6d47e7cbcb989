import { renderConcurrency } from '../lib/profile.ts'

/** As on Heroku: what a Python program expects of its environment, and as many workers as the dyno has memory for. */
export const pythonProfile = `export VIRTUAL_ENV=$HOME/.venv
export PATH=$VIRTUAL_ENV/bin:$PATH
export PYTHONUNBUFFERED=1
export PYTHONPATH=\${PYTHONPATH-$HOME}
export LANG=\${LANG:-C.UTF-8}
if [ -d "$VIRTUAL_ENV/nltk_data" ]; then export NLTK_DATA=\${NLTK_DATA:-$VIRTUAL_ENV/nltk_data}; fi
# Only the router reaches a dyno, so what it says of a request is true.
export FORWARDED_ALLOW_IPS=\${FORWARDED_ALLOW_IPS-*}
export GUNICORN_CMD_ARGS=\${GUNICORN_CMD_ARGS---access-logfile -}
hearth_workers=$((2 * $(nproc 2>/dev/null || echo 1) + 1))
${renderConcurrency('256', '$hearth_workers')}unset hearth_workers
`
