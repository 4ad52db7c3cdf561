// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/manifest_section.hpp"

#include "core/base/io.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace recorte::plugin {
namespace {

constexpr std::uint64_t kLargestSection = 1U << 20;

/// The file, with reads that stay inside it.
class Reader {
 public:
  Reader(Fd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size) {}

  bool read(std::uint64_t offset, std::uint64_t count, void* out) const {
    if (offset > size_ || count > size_ - offset) return false;
    auto* to = static_cast<char*>(out);
    while (count > 0) {
      const auto n = ::pread(fd_.get(), to, count, static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      to += n;
      offset += static_cast<std::uint64_t>(n);
      count -= static_cast<std::uint64_t>(n);
    }
    return true;
  }
  std::optional<std::string> text(const Elf64_Shdr& section) const {
    if (section.sh_type == SHT_NOBITS || section.sh_size > kLargestSection) return {};
    std::string out(section.sh_size, '\0');
    if (!read(section.sh_offset, section.sh_size, out.data())) return {};
    return out;
  }

 private:
  Fd fd_;
  std::uint64_t size_;
};

bool is_library(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB &&
         header.e_type == ET_DYN;
}

}  // namespace

Result<std::optional<std::string>> read_section(const std::filesystem::path& file,
                                                std::string_view name) {
  Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return fail(os_error("cannot read the plugin " + file.string()));
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kPlugin, file.string() + " " + std::string(why));
  };
  Elf64_Ehdr header{};
  if (!S_ISREG(status.st_mode)) return refuse("is not a file: name the plugin's .so");
  const Reader reader(std::move(fd), static_cast<std::uint64_t>(status.st_size));
  if (!reader.read(0, sizeof header, &header) || !is_library(header))
    return refuse("is no 64-bit shared library: build it with recorte_add_plugin()");

  constexpr auto kTruncated = "is a broken or truncated shared library: build or copy it again";
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= sections.size() ||
      !reader.read(header.e_shoff, sections.size() * sizeof(Elf64_Shdr), sections.data()))
    return refuse(kTruncated);
  const auto names = reader.text(sections[header.e_shstrndx]);
  if (!names) return refuse(kTruncated);
  for (const auto& section : sections) {
    if (section.sh_name >= names->size()) return refuse(kTruncated);
    if (std::string_view(names->c_str() + section.sh_name) != name) continue;
    auto text = reader.text(section);
    if (!text) return refuse(kTruncated);
    text->resize(::strnlen(text->data(), text->size()));
    return text;
  }
  return std::optional<std::string>();
}

}  // namespace recorte::plugin
