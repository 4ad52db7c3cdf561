// SPDX-License-Identifier: BSD-3-Clause
//
// Rice's code: every decoder of ours gives what the plainest gives, and CFITSIO, where it accepts a
// stream as well. The first three bytes choose the code and how many pixels.
#include "core/fits/rice_abreast.hpp"
#include "fuzz.hpp"
#include "tests/unit/fits/rice_streams.hpp"

#include <array>
#include <cstring>

extern "C" {
// Of CFITSIO, in no header of its own.
int fits_rdecomp(unsigned char*, int, unsigned int*, int, int);
int fits_rdecomp_short(unsigned char*, int, unsigned short*, int, int);
int fits_rdecomp_byte(unsigned char*, int, unsigned char*, int, int);
}

namespace recorte::fuzz {
namespace {

template <class Word, class Decode, class Signed>
std::optional<test::Pixels> widened(Decode decode, Signed, test::Bytes bytes,
                                    const fits::RiceCode& code, std::size_t pixels) {
  const auto size = static_cast<int>(bytes.size());
  bytes.resize(bytes.size() + fits::kRicePadding);
  std::vector<Word> out(pixels + 64);
  if (decode(bytes.data(), size, out.data(), static_cast<int>(pixels),
             static_cast<int>(code.block)) != 0)
    return {};
  test::Pixels wide;
  for (std::size_t i = 0; i < pixels; ++i) wide.push_back(static_cast<Signed>(out[i]));
  return wide;
}

std::optional<test::Pixels> cfitsio(const test::Bytes& bytes, const fits::RiceCode& code,
                                    std::size_t pixels) {
  if (code.byte_pix == 4)
    return widened<unsigned int>(fits_rdecomp, std::int32_t{}, bytes, code, pixels);
  if (code.byte_pix == 2)
    return widened<unsigned short>(fits_rdecomp_short, std::int16_t{}, bytes, code, pixels);
  return widened<unsigned char>(fits_rdecomp_byte, std::uint8_t{}, bytes, code, pixels);
}

}  // namespace

void attempt(std::string_view input) {
  if (input.size() < 3 + 4) return;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  const fits::RiceCode code{1 + byte(0) % 32, std::array{1, 2, 4}[byte(1) % 3]};
  const std::size_t pixels = 1 + 4 * byte(2);
  const test::Bytes bytes(input.begin() + 3, input.end());
  bool strange = false;
  const auto plain = test::unrice_plainly(bytes, code, pixels, &strange);
  for (const auto level : test::levels())
    require(test::unrice(bytes, code, pixels, level) == plain, "every decoder gives the same");
  // CFITSIO reads out of bounds where a stream ends early, and shifts by more than an integer has.
  if (!plain || strange) return;
  const auto theirs = cfitsio(bytes, code, pixels);
  if (theirs) require(*plain == *theirs, "CFITSIO gives the same");
}

}  // namespace recorte::fuzz
