import type { Build } from '../lib/build.ts'
import { memoryProfile, quote, writeExport, writeProfile } from '../lib/profile.ts'

/**
 * What every dyno in a Java virtual machine finds. Heap: as on Heroku, three fifths of 512 MB and two thirds of 1 GB, four fifths of
 * more, since the rest of such a process grows less than its heap. Databases: add-ons give one address, which JDBC drivers do not read.
 */
export const jvmProfile = `${memoryProfile}if hearth_java=$(command -v java); then
  JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$hearth_java")")")
  export JAVA_HOME
fi
hearth_options=-Dfile.encoding=UTF-8
if [ -n "\${MEMORY_AVAILABLE:-}" ]; then
  hearth_options="$hearth_options -XX:MaxRAM=$((MEMORY_AVAILABLE * 1048576))"
  if [ "$MEMORY_AVAILABLE" -le 512 ]; then
    hearth_options="$hearth_options -Xmx$((MEMORY_AVAILABLE * 300 / 512))m -Xss512k -XX:CICompilerCount=2"
  elif [ "$MEMORY_AVAILABLE" -le 1024 ]; then
    hearth_options="$hearth_options -Xmx$((MEMORY_AVAILABLE * 671 / 1024))m -XX:CICompilerCount=2"
  else
    hearth_options="$hearth_options -XX:MaxRAMPercentage=80.0"
  fi
fi
# What the app sets itself stands behind, and so counts.
export JAVA_OPTS="$hearth_options\${JAVA_OPTS:+ $JAVA_OPTS}"
case "\${DYNO:-}" in
  # Java tells whoever starts it which of these it found, which is not for the output of a program that is run once.
  run.*) ;;
  *) export JAVA_TOOL_OPTIONS="$hearth_options\${JAVA_TOOL_OPTIONS:+ $JAVA_TOOL_OPTIONS}" ;;
esac
unset hearth_java hearth_options

hearth_set_jdbc() {
  local pattern='^(postgres|mysql)[a-z]*://([^:@/]+):([^@]*)@([^?#]+)(\\?([^#]+))?' scheme=mysql user password
  [[ $1 =~ $pattern ]] || return 0
  [ "\${BASH_REMATCH[1]}" = mysql ] || scheme=postgresql
  user=\${BASH_REMATCH[2]}
  password=\${BASH_REMATCH[3]}
  export JDBC_DATABASE_URL="jdbc:$scheme://\${BASH_REMATCH[4]}?user=$user&password=$password\${BASH_REMATCH[6]:+&\${BASH_REMATCH[6]}}"
  # In the address they stay as they were written; a driver that is told them apart takes them as they are.
  JDBC_DATABASE_USERNAME=$(printf %b "\${user//%/\\\\x}")
  JDBC_DATABASE_PASSWORD=$(printf %b "\${password//%/\\\\x}")
  export JDBC_DATABASE_USERNAME JDBC_DATABASE_PASSWORD
}
if [ -z "\${JDBC_DATABASE_URL:-}" ]; then
  hearth_set_jdbc "\${DATABASE_CONNECTION_POOL_URL:-\${DATABASE_URL:-\${JAWSDB_URL:-\${CLEARDB_DATABASE_URL:-}}}}"
fi
unset -f hearth_set_jdbc
if [ "\${DISABLE_SPRING_DATASOURCE_URL:-}" != true ] && [ -n "\${JDBC_DATABASE_URL:-}" ] && [ -z "\${SPRING_DATASOURCE_URL:-}" ]; then
  export SPRING_DATASOURCE_URL=$JDBC_DATABASE_URL
  export SPRING_DATASOURCE_USERNAME=\${SPRING_DATASOURCE_USERNAME:-\${JDBC_DATABASE_USERNAME:-}}
  export SPRING_DATASOURCE_PASSWORD=\${SPRING_DATASOURCE_PASSWORD:-\${JDBC_DATABASE_PASSWORD:-}}
fi
# Jars carry no time of their build, so it is none by which a browser may know whether a file changed.
export SPRING_WEB_RESOURCES_CACHE_USE_LAST_MODIFIED=\${SPRING_WEB_RESOURCES_CACHE_USE_LAST_MODIFIED:-false}
if [ "\${DISABLE_SPRING_REDIS_URL:-}" != true ] && [ -n "\${REDIS_URL:-}" ]; then
  export SPRING_REDIS_URL=\${SPRING_REDIS_URL:-$REDIS_URL}
  export SPRING_DATA_REDIS_URL=\${SPRING_DATA_REDIS_URL:-$REDIS_URL}
fi
`

/** For the app's dynos, `more` behind it, and for the next buildpack's compile. */
export async function writeJvmProfile(build: Build, name: string, more = ''): Promise<void> {
  await writeProfile(build.app, name, jvmProfile + more)
  const { JAVA_HOME } = build.environment
  await writeExport('', JAVA_HOME ? `export JAVA_HOME=${quote(JAVA_HOME)}\n` : '')
}
