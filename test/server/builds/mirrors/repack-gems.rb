# Packs gems that Debian's packages have installed into .gem files again, so that a mirror can offer them; what their packages had
# compiled stays compiled. Parameters: target folder, names. Brings their dependencies too.
require 'fileutils'
require 'rubygems/package'
require 'tmpdir'

def files_of(spec)
  package = `dpkg -S #{spec.loaded_from}`.split(':').first
  `dpkg -L #{package}`.lines(chomp: true).select { |file| File.file?(file) }
end

# Where a file of the package stands in the gem; nil for what is no part of it.
def place_of(file, spec)
  case file
  when %r{/extensions/[^/]+/[^/]+/#{Regexp.escape(spec.full_name)}/(.+\.so)$} then "lib/#{$1}"
  when %r{/gems/#{Regexp.escape(spec.full_name)}/(.+)} then $1
  when %r{/vendor_ruby/(?:\d+\.\d+\.\d+/)?(.+)} then "lib/#{$1}"
  when %r{^/usr/bin/([^/]+)$} then spec.executables.include?($1) ? "#{spec.bindir}/#{$1}" : nil
  end
end

def pack(spec, target)
  Dir.mktmpdir do |work|
    files_of(spec).each do |file|
      place = place_of(file, spec) or next
      FileUtils.mkdir_p(File.dirname("#{work}/#{place}"))
      FileUtils.cp(file, "#{work}/#{place}")
    end
    Dir.chdir(work) do
      copy = spec.dup
      copy.files = Dir.glob('**/*').select { |file| File.file?(file) }
      copy.executables = copy.executables.select { |name| File.file?("#{copy.bindir}/#{name}") }
      copy.extra_rdoc_files = copy.test_files = copy.extensions = []
      FileUtils.mv(Gem::Package.build(copy, true), target)
    end
  end
end

target, *wanted = ARGV
target = File.expand_path(target)
FileUtils.mkdir_p(target)
done = {}
until wanted.empty?
  spec = Gem::Specification.find_by_name(wanted.shift)
  next if done[spec.name] || spec.default_gem?
  done[spec.name] = true
  wanted.concat(spec.runtime_dependencies.map(&:name))
  pack(spec, target)
end
