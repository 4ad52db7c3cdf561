// SPDX-License-Identifier: BSD-3-Clause
//
// Damaged files, opened and read whole: an error that names the file, or pixels; under the
// sanitizers too. Through the programs, and by the thousand: tests/integration/corrupt.py.
#include "core/fits/file.hpp"
#include "fixtures.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

#include <random>

namespace recorte::fits {
namespace {

using namespace recorte::test;
using testing::HasSubstr;

constexpr std::int64_t kMostPixels = 1 << 22;  // of a header that lies

class Damaged : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!have_astropy()) return;
    good_ = new TempDir;
    ASSERT_EQ(run_python(recorte::test::source_tree() / "tests/unit/fits/make_kinds.py",
                         (*good_ / "kinds").string() + " >/dev/null"),
              0);
  }
  static void TearDownTestSuite() { delete std::exchange(good_, nullptr); }

  /// Reads everything that `bytes` hold; true where all of it is there.
  bool read(const std::string& bytes) {
    const auto path = (directory_ / "bad.fits").string();
    spill(path, bytes);
    const auto file = File::open(path);
    if (!file) return refused(file.error());
    bool whole = true;
    for (const auto& hdu : file->hdus()) {
      const auto image = file->image(hdu.number);
      if (!image || image->width > kMostPixels / image->height) continue;
      const auto row = image->width * bytes_of(image->hdu.bitpix);
      std::string out(static_cast<std::size_t>(row * image->height), '\0');
      for (std::int64_t plane = 0; plane < std::min<std::int64_t>(image->planes, 4); ++plane) {
        const auto got =
            file->read(*image, plane, {0, 0, image->width, image->height}, 0, out.data(), row);
        if (!got) whole = refused(got.error());
      }
    }
    return whole;
  }

  static bool refused(const Error& error) {
    EXPECT_TRUE(error.code == ErrorCode::kData || error.code == ErrorCode::kTooLarge)
        << error.message;
    EXPECT_THAT(error.message, HasSubstr("bad.fits"));
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
    return false;
  }

  template <class Damage>
  void each_kind(const Damage& damage) {
    RECORTE_NEED_ASTROPY();
    for (const auto& entry : fs::directory_iterator(*good_ / "kinds")) {
      SCOPED_TRACE(entry.path().filename());
      damage(slurp(entry.path()));
    }
  }

  static TempDir* good_;
  TempDir directory_;
};
TempDir* Damaged::good_ = nullptr;

TEST_F(Damaged, CutShortAnywhere) {
  each_kind([&](const std::string& good) {
    ASSERT_TRUE(read(good));
    for (std::size_t n = 0; n < 8; ++n) read(good.substr(0, good.size() * n / 8));
    for (std::size_t n = 1; n < 3; ++n) read(good.substr(0, good.size() - n));
  });
}

TEST_F(Damaged, BytesFlippedAnywhere) {
  std::mt19937 random(23);
  each_kind([&](const std::string& good) {
    for (int n = 0; n < 12; ++n) {
      auto bytes = good;
      bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
      read(bytes);
    }
  });
}

TEST_F(Damaged, NumbersInHeadersReplaced) {
  std::mt19937 random(29);
  const std::vector<std::string> lies{
      "0", "-1", "2", "7", "2147483647", "2147483648", "1E9", "9223372036854775807", "'x'", ""};
  each_kind([&](const std::string& good) {
    std::vector<std::size_t> cards;
    for (std::size_t at = 0; at + 80 <= good.size(); at += 80)
      if (good.compare(at + 8, 2, "= ") == 0) cards.push_back(at);
    for (int n = 0; n < 24 && !cards.empty(); ++n) {
      auto bytes = good;
      const auto at = cards[random() % cards.size()];
      bytes.replace(at, 80, card(bytes.substr(at, 10) + lies[random() % lies.size()]));
      read(bytes);
    }
  });
}

}  // namespace
}  // namespace recorte::fits
