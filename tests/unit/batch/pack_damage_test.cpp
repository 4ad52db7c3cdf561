// SPDX-License-Identifier: BSD-3-Clause
//
// Parts and packs that are cut off or damaged anywhere: an error, or what is still whole; never a
// crash, and never another item than was written.
#include "core/base/crc32.hpp"
#include "core/base/io.hpp"
#include "core/batch/pack.hpp"
#include "core/batch/pack_index.hpp"
#include "core/cutout/item_log.hpp"
#include "support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <random>
#include <span>

namespace recorte::batch {
namespace {

class Damage : public testing::Test {
 protected:
  static constexpr std::uint64_t kItems = 12;

  void SetUp() override {
    auto w = PackWriter::open(directory_.path(), 0).value();
    for (std::uint64_t i = 0; i < kItems; ++i) {
      if (i % 4 == 3)
        ASSERT_TRUE(w.add(test::failed(i, ErrorCode::kData, "broken " + std::to_string(i))));
      else
        ASSERT_TRUE(test::write_item(w.descriptor(), test::made(i), product(i)));
    }
    part_ = read_descriptor(w.descriptor()).value();
    ASSERT_TRUE(w.seal());
    pack_ = read_file(file()).value();
  }
  static std::string product(std::uint64_t i) {
    return std::string(20 + 7 * i, static_cast<char>('a' + i));
  }
  std::filesystem::path file() const { return pack_file(directory_.path(), 0); }

  /// In place, which costs a disk nothing.
  void overwrite(const std::string& bytes) {
    const Fd fd(::open(file().c_str(), O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(pwrite_all(fd.get(), std::as_bytes(std::span(bytes.data(), bytes.size())), 0));
  }

  static std::vector<cutout::Outcome> items(const std::string& bytes, std::int64_t& end) {
    const auto fd = make_memfd("part").value();
    EXPECT_TRUE(write_all(fd.get(), std::as_bytes(std::span(bytes.data(), bytes.size()))));
    auto found = cutout::read_items(fd.get(), end, kPartHead);
    EXPECT_TRUE(found);
    return found.value_or(std::vector<cutout::Outcome>{});
  }
  /// Those that are found are the first that were written.
  void expect_beginning(const std::string& bytes) {
    std::int64_t end = 0;
    const auto found = items(bytes, end);
    ASSERT_LE(found.size(), kItems);
    ASSERT_LE(end, std::max<std::int64_t>(std::ssize(bytes), kPartHead));
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].row, i);
      EXPECT_EQ(found[i].error.has_value(), i % 4 == 3);
      EXPECT_EQ(found[i].bytes, i % 4 == 3 ? 0 : std::ssize(product(i)));
      EXPECT_LE(found[i].offset + found[i].bytes, std::ssize(bytes));
    }
  }
  /// A pack that opens tells nothing that was not written.
  void expect_pack(const std::string& bytes) {
    overwrite(bytes);
    const auto pack = Pack::open(directory_.path(), 0);
    if (!pack) {
      EXPECT_EQ(pack.error().code, ErrorCode::kData) << pack.error().message;
      return;
    }
    ASSERT_EQ((*pack)->size(), kItems);
    for (std::size_t i = 0; i < kItems; ++i) {
      EXPECT_EQ((*pack)->slot(i).product, i);
      const auto outcome = (*pack)->outcome(i);
      if (outcome)
        EXPECT_EQ(outcome->row, i);
      else
        EXPECT_EQ(outcome.error().code, ErrorCode::kData);
      (void)test::product_of(**pack, i);
    }
  }

  TemporaryDirectory directory_;
  std::string part_, pack_;
};

TEST_F(Damage, APartThatIsCutOffAnywhereGivesItsFirstItems) {
  std::size_t last = 0;
  for (std::size_t size = kPartHead; size <= part_.size(); ++size) {
    std::int64_t end = 0;
    const auto cut = part_.substr(0, size);
    expect_beginning(cut);
    const auto count = items(cut, end).size();
    EXPECT_GE(count, last);
    last = count;
  }
  EXPECT_EQ(last, kItems);
}

TEST_F(Damage, APartWithAFlippedBitGivesItsFirstItems) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    auto bytes = part_;
    const auto at = kPartHead + random() % (bytes.size() - kPartHead);
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    expect_beginning(bytes);
  }
}

TEST_F(Damage, APackThatIsCutOffAnywhereIsBroken) {
  for (auto size = pack_.size(); size-- > 0;) {
    std::filesystem::resize_file(file(), size);
    const auto pack = Pack::open(directory_.path(), 0);
    ASSERT_FALSE(pack) << size;
    EXPECT_EQ(pack.error().code, ErrorCode::kData);
  }
}

TEST_F(Damage, APackWithFlippedBytesIsBrokenOrTellsNothingElse) {
  expect_pack(pack_);
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
    auto bytes = pack_;
    for (auto flips = random() % 3 + 1; flips > 0; --flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    expect_pack(bytes);
  }
}

/// Sums that are right, of an index that points anywhere.
TEST_F(Damage, AForgedIndexIsBroken) {
  const auto size = static_cast<std::int64_t>(pack_.size());
  const auto trailer =
      decode_trailer(std::string_view(pack_).substr(pack_.size() - kTrailer)).value();
  const auto forge = [&](auto&& change_slot, auto&& change_trailer) {
    auto bytes = pack_;
    auto slot = decode_slot(std::string_view(bytes).substr(trailer.index, kSlot));
    auto forged = trailer;
    change_slot(slot);
    bytes.replace(static_cast<std::size_t>(trailer.index), kSlot, encode(slot));
    forged.slots_crc = crc32(std::string_view(bytes).substr(
        static_cast<std::size_t>(trailer.index), static_cast<std::size_t>(trailer.count * kSlot)));
    change_trailer(forged);
    bytes.replace(bytes.size() - kTrailer, kTrailer, encode(forged));
    overwrite(bytes);
    const auto pack = Pack::open(directory_.path(), 0);
    EXPECT_TRUE(!pack && pack.error().code == ErrorCode::kData);
  };
  const auto slot_only = [&](auto&& change) { forge(change, [](Trailer&) {}); };
  const auto trailer_only = [&](auto&& change) { forge([](IndexSlot&) {}, change); };
  for (const std::int64_t n : {std::int64_t{-1}, INT64_MIN, INT64_MAX, size, trailer.index + 1}) {
    slot_only([n](IndexSlot& s) { s.slot.offset = n; });
    slot_only([n](IndexSlot& s) { s.slot.bytes = n; });
    slot_only([n](IndexSlot& s) { s.text_offset = n; });
    trailer_only([n](Trailer& t) { t.index = n; });
    trailer_only([n](Trailer& t) { t.count = n; });
    trailer_only([n](Trailer& t) { t.tally.ok = n; });
  }
  slot_only([](IndexSlot& s) { s.text_size = UINT32_MAX; });
  slot_only([](IndexSlot& s) { s.slot.status = static_cast<ItemStatus>(4); });
}

}  // namespace
}  // namespace recorte::batch
