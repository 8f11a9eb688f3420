# Keeps one PostgreSQL server, in a folder of its own, until descriptor 3 is closed: the caller holds its other end, so
# server and folder go however the caller ends. Prints the folder and the port when the server answers.
# Standard input: a tar of the programs. $PASSWORD: what the port asks for. Arguments: where the programs are in the tar,
# and the ports to try.
set -eu
folder=$(mktemp -d /tmp/tkt-postgres-XXXXXX) # not in $TMPDIR: the path of a socket may have 107 bytes
finish() {
  status=$?
  set +e
  [ ! -f data/postmaster.pid ] || "$bin/pg_ctl" -D data -m immediate stop
  [ $status -eq 0 ] || cat log >&5
  cd / && rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
exec 4>&1 5>&2 >>log 2>&1
bin=$folder/$1
shift

tar -xf -
# The links that the install script of the npm package makes, where npm lets it run.
[ ! -f native/pg-symlinks.json ] || tr '}' '\n' <native/pg-symlinks.json |
  sed -n 's/.*"source":"\(.*\)","target":"\(.*\)"/\1 \2/p' |
  while read -r file link; do ln -sf "${file##*/}" "$link"; done
# They look up the name of who runs them, though none is used. Where there is none, let them ask for the first of all.
id -un || sed -i 's/getpwuid\([^_]\)/getpwent\1/' "$bin/initdb" "$bin/postgres"

echo "$PASSWORD" >password
# Text sorts by language, as on the servers people have: a statement that needs the order of bytes has to say so.
"$bin/initdb" -D data -U postgres --no-sync --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US \
  --auth-local=trust --auth-host=scram-sha-256 --pwfile=password
cat >>data/postgresql.conf <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
dynamic_shared_memory_type = mmap
max_connections = 200
max_wal_size = 256MB
END
until "$bin/pg_ctl" -D data -l log -o "-p $1" start; do shift; done
echo "$folder $1" >&4
read -r _ <&3 || :
