// A root file system small enough to be made by each test: this machine's own shell, Perl and a few programs with the libraries
// they need. No image of the internet is reached here, and what is tried is what Hearth does with one.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const programs = ['bash', 'cat', 'dd', 'env', 'id', 'ls', 'mkdir', 'perl', 'sleep', 'touch', 'yes']

/** Answers `DYNO GREETING user` to whoever asks, on $PORT. */
const server = `use strict; use IO::Socket::INET; $| = 1;
my $listening = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 50, ReuseAddr => 1) or die "no port: $!";
$SIG{TERM} = sub { exit 0 };
print "listening in ", $ENV{PLACE} // 'no place', "\\n";
while (my $client = $listening->accept) {
  while (my $line = <$client>) { last if $line =~ /^\\r?\\n$/ }
  my $text = join ' ', map { $_ // '' } $ENV{DYNO}, TEXT, $ENV{GREETING}, $ENV{PLACE}, $>, (getpwuid($>))[0];
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length $text, "\\r\\nConnection: close\\r\\n\\r\\n", $text;
  close $client;
}
`

/** The source of a server in Perl whose answers have this text in them. */
export const serverSaying = (text: string): string => server.replace('TEXT', `'${text}'`)

/** What is a program can be run; a link leads beside itself. */
export type RootFile = string | Buffer | { readonly link: string }

/** A tar of the root file system, and of files besides. */
export function makeRootTar(files: Readonly<Record<string, RootFile>> = {}): Buffer {
  const root = mkdtempSync(path.join(tmpdir(), 'hearth-root-'))
  try {
    for (const folder of ['bin', 'etc', 'lib64', 'srv', 'tmp', 'var', 'usr']) mkdirSync(path.join(root, folder))
    chmodSync(path.join(root, 'tmp'), 0o1777)
    symlinkSync('../bin', path.join(root, 'usr/bin'))
    symlinkSync('bash', path.join(root, 'bin/sh'))
    for (const program of programs) copyWithLibraries(root, program)
    cpSync(`/usr/lib/${triplet}/perl-base`, path.join(root, `usr/lib/${triplet}/perl-base`), { recursive: true })
    const all = { 'etc/passwd': 'root:x:0:0::/root:/bin/sh\nservant:x:33:33::/srv:/bin/sh\n', ...files }
    for (const [name, file] of Object.entries(all)) putFile(path.join(root, name), file)
    return execFileSync('tar', ['--create', '--owner=0', '--group=0', '--sort=name', '--mtime=@0', '.'], {
      cwd: root,
      maxBuffer: 2 ** 28,
    })
  } finally {
    rmSync(root, { recursive: true })
  }
}

function putFile(target: string, file: RootFile): void {
  mkdirSync(path.dirname(target), { recursive: true })
  if (typeof file === 'object' && 'link' in file) return symlinkSync(file.link, target)
  const isProgram = typeof file !== 'string' || file.startsWith('#!')
  writeFileSync(target, file, { mode: isProgram ? 0o755 : 0o644 })
}

const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

function copyWithLibraries(root: string, program: string): void {
  const file = realpathSync(`/usr/bin/${program}`)
  writeFileSync(path.join(root, 'bin', program), readFileSync(file), { mode: 0o755 })
  const needed = execFileSync('ldd', [file], { encoding: 'utf8' }).match(/\/lib\S+/g) ?? []
  for (const library of needed) {
    const target = path.join(root, library)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, readFileSync(realpathSync(library)), { mode: 0o755 })
  }
}
