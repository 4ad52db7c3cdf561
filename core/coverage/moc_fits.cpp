// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/moc_fits.hpp"

#include "core/fits/header.hpp"

namespace recorte::coverage {
namespace {

void pad(std::string& bytes, char with) {
  const auto block = static_cast<std::size_t>(fits::kBlockSize);
  bytes.resize((bytes.size() + block - 1) / block * block, with);
}

std::string header_block(const fits::Header& header) {
  auto out = header.joined() + "END";
  pad(out, ' ');
  return out;
}

fits::Header primary() {
  fits::Header out;
  out.set_bool("SIMPLE", true);
  out.set_integer("BITPIX", 8);
  out.set_integer("NAXIS", 0);
  out.set_bool("EXTEND", true);
  return out;
}

fits::Header table(std::size_t rows, int order, const std::string& name) {
  fits::Header out;
  out.set_text("XTENSION", "BINTABLE");
  out.set_integer("BITPIX", 8);
  out.set_integer("NAXIS", 2);
  out.set_integer("NAXIS1", 8);
  out.set_integer("NAXIS2", static_cast<std::int64_t>(rows));
  out.set_integer("PCOUNT", 0);
  out.set_integer("GCOUNT", 1);
  out.set_integer("TFIELDS", 1);
  out.set_text("TTYPE1", "UNIQ");
  out.set_text("TFORM1", "1K");
  out.set_text("EXTNAME", "MOC");
  out.set_text("MOCVERS", "2.0", "IVOA MOC");
  out.set_text("MOCDIM", "SPACE");
  out.set_text("ORDERING", "NUNIQ", "4 * 4^order + number");
  out.set_text("COORDSYS", "C", "ICRS");
  out.set_integer("MOCORD_S", order, "of the smallest cells");
  out.set_integer("MOCORDER", order, "the same, for MOC 1.1");
  out.set_text("MOCTOOL", "Recorte");
  out.set_text("MOCID", name);
  out.set_text("PIXTYPE", "HEALPIX");
  return out;
}

}  // namespace

std::string moc_fits(const sky::Moc& moc, const std::string& name) {
  const auto cells = moc.cells();
  auto out = header_block(primary()) + header_block(table(cells.size(), moc.order(), name));
  for (const auto& cell : cells) {
    const auto uniq = (std::uint64_t{4} << 2 * cell.order) + cell.number;
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(uniq >> shift & 0xFFU);
  }
  pad(out, '\0');
  return out;
}

}  // namespace recorte::coverage
