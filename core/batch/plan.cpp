// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/plan.hpp"

#include "core/base/bytes.hpp"
#include "core/base/crc32.hpp"
#include "core/base/io.hpp"
#include "core/fits/mapped_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;

// kMagic; what is said of rows (once for all of a row's products) and of products, mixed; names of
// columns; the place of each product (u64); Foot.
constexpr std::string_view kMagic = "RECPLAN1";
constexpr std::size_t kBuffer = 1 << 20;

struct Foot {
  std::uint64_t columns_at = 0, offsets_at = 0, products = 0;
  std::uint64_t crc = 0;  ///< CRC-32 of all before the foot
  char magic[8]{};
};

/// Texts of a row with their lengths in as few bytes as they need (LEB128): lists have many columns
/// and most values are short.
void add_short(std::string& out, std::string_view text) {
  auto size = text.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
  out += static_cast<char>(size);
  out += text;
}
/// Takes one from the front; "" where it is broken.
std::string take_short(std::string_view& left) {
  std::size_t size = 0;
  for (unsigned shift = 0; !left.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(left.front());
    left.remove_prefix(1);
    size |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  const std::string out(left.substr(0, size));
  left.remove_prefix(out.size());
  return out;
}

Status sync(const fs::path& path, int flags) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!fd || ::fsync(fd.get()) != 0) return fail(os_error("cannot write " + path.string()));
  return {};
}

}  // namespace

struct PlanWriter::State {
  fs::path file, unfinished;
  std::vector<std::string> columns;
  Fd fd;
  std::string buffer;  ///< behind what is written
  std::uint64_t written = 0;
  std::uint32_t crc = 0;
  std::vector<std::uint64_t> offsets;
  std::uint64_t row_at = 0;  ///< of what was said last of a row
  std::string row;           ///< and that

  ~State() {
    if (fd) ::unlink(unfinished.c_str());
  }
  std::uint64_t here() const { return written + buffer.size(); }

  Status put(std::string_view bytes) {
    buffer += bytes;
    while (buffer.size() >= kBuffer) RECORTE_TRY(flush(kBuffer));
    return {};
  }
  Status flush(std::size_t size) {
    const auto piece = std::string_view(buffer).substr(0, size);
    crc = crc32(piece, crc);
    if (auto good = write_all(fd.get(), std::as_bytes(std::span(piece))); !good)
      return fail(good.error().code, file.string() + ": " + good.error().message);
    written += size;
    buffer.erase(0, size);
    return {};
  }
};

PlanWriter::PlanWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PlanWriter::PlanWriter(PlanWriter&&) noexcept = default;
PlanWriter& PlanWriter::operator=(PlanWriter&&) noexcept = default;
PlanWriter::~PlanWriter() = default;

Result<PlanWriter> PlanWriter::create(const fs::path& file,
                                      const std::vector<std::string>& columns) {
  auto state = std::make_unique<State>();
  state->file = state->unfinished = file;
  state->unfinished += ".new";
  state->columns = columns;
  state->fd = Fd(::open(state->unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!state->fd) return fail(os_error("cannot write " + file.string()));
  state->buffer = kMagic;
  return PlanWriter(std::move(state));
}

Status PlanWriter::add(const Planned& product) {
  auto& state = *state_;
  if (product.columns.size() != state.columns.size())
    throw std::logic_error("a product with " + std::to_string(product.columns.size()) +
                           " columns in a plan of " + std::to_string(state.columns.size()));
  ByteWriter number;
  number.add(product.row);
  auto row = number.take();
  add_short(row, product.id);
  for (const auto& value : product.columns) add_short(row, value);
  if (state.row != row || state.offsets.empty()) {
    state.row = std::move(row);
    state.row_at = state.here();
    RECORTE_TRY(state.put(state.row));
  }
  state.offsets.push_back(state.here());
  ByteWriter out;
  out.add(state.row_at);
  out.add(product.name);
  out.add(product.request);
  return state.put(out.take());
}

Status PlanWriter::finish() {
  auto& state = *state_;
  Foot foot;
  foot.columns_at = state.here();
  foot.products = state.offsets.size();
  ByteWriter out;
  out.add(static_cast<std::uint64_t>(state.columns.size()));
  for (const auto& name : state.columns) out.add(name);
  RECORTE_TRY(state.put(out.take()));
  foot.offsets_at = state.here();
  for (const auto offset : state.offsets) {
    ByteWriter number;
    number.add(offset);
    RECORTE_TRY(state.put(number.take()));
  }
  RECORTE_TRY(state.flush(state.buffer.size()));
  foot.crc = state.crc;
  std::memcpy(foot.magic, kMagic.data(), kMagic.size());
  RECORTE_TRY(write_all(state.fd.get(), std::as_bytes(std::span(&foot, 1))));
  RECORTE_TRY(sync(state.unfinished, 0));
  if (::rename(state.unfinished.c_str(), state.file.c_str()) != 0)
    return fail(os_error("cannot write " + state.file.string()));
  state.fd.reset();
  return sync(state.file.has_parent_path() ? state.file.parent_path() : ".", O_DIRECTORY);
}

struct Plan::State {
  fs::path file;
  std::unique_ptr<fits::MappedFile> mapped;
  std::vector<std::string> columns;
  Foot foot;

  std::string_view bytes() const {
    const auto all = mapped->bytes();
    return {reinterpret_cast<const char*>(all.data()), all.size()};
  }
  /// From `at` on; nothing where that is outside.
  ByteReader reader(std::uint64_t at) const {
    const auto content = bytes().substr(0, bytes().size() - sizeof foot);
    return ByteReader(content.substr(std::min<std::uint64_t>(at, content.size())));
  }
  Error broken() const {
    return {ErrorCode::kData, "the plan " + file.string() +
                                  " is broken, or of another version of Recorte; submit the job "
                                  "again"};
  }
  Status read();
};

Status Plan::State::read() {
  if (bytes().size() < kMagic.size() + sizeof foot) return fail(broken());
  const fits::MappedFile::Glance glance(*mapped);
  const auto content = bytes().substr(0, bytes().size() - sizeof foot);
  std::memcpy(&foot, content.data() + content.size(), sizeof foot);
  if (!content.starts_with(kMagic) || std::string_view(foot.magic, sizeof foot.magic) != kMagic ||
      crc32(content) != foot.crc || foot.offsets_at > content.size() ||
      foot.products != (content.size() - foot.offsets_at) / sizeof(std::uint64_t))
    return fail(broken());
  auto names = reader(foot.columns_at);
  for (auto left = names.count(sizeof(std::uint64_t)); left > 0; --left)
    columns.push_back(names.text());
  if (!names.good() || mapped->torn()) return fail(broken());
  return {};
}

Plan::Plan(std::unique_ptr<State> state) : state_(std::move(state)) {}
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

Result<Plan> Plan::open(const fs::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return fail(os_error("cannot read " + file.string()));
  auto state = std::make_unique<State>();
  state->file = file;
  state->mapped = fits::MappedFile::map(fd.get(), status.st_size);
  if (!state->mapped) return fail(state->broken());
  RECORTE_TRY(state->read());
  return Plan(std::move(state));
}

std::size_t Plan::size() const { return state_->foot.products; }
const std::vector<std::string>& Plan::columns() const { return state_->columns; }

Planned Plan::product(std::size_t number) const {
  if (number >= size()) throw std::out_of_range("a plan has no product " + std::to_string(number));
  const fits::MappedFile::Glance glance(*state_->mapped);
  const auto at =
      state_->reader(state_->foot.offsets_at + number * sizeof(std::uint64_t)).get<std::uint64_t>();
  Planned out;
  auto product = state_->reader(at);
  auto row = state_->reader(product.get<std::uint64_t>());
  out.name = product.text();
  out.request = product.text();
  out.row = row.get<std::uint64_t>();
  auto texts = row.rest();
  out.id = take_short(texts);
  for (std::size_t i = 0; i < columns().size(); ++i) out.columns.push_back(take_short(texts));
  return out;
}

Result<cutout::CutoutRequest> Plan::request(std::size_t number) const {
  auto request = cutout::parse_canonical(product(number).request);
  if (!request)
    return fail(ErrorCode::kData, "product " + std::to_string(number) + " of " +
                                      state_->file.string() + ": " + request.error().message);
  return request;
}

}  // namespace recorte::batch
