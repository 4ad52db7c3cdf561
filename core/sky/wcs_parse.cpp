// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/sky/wcs_cards.hpp"
#include "core/sky/wcs_header.hpp"
#include "core/sky/wcs_impl.hpp"

#include <wcslib/wcserr.h>
#include <wcslib/wcsfix.h>
#include <wcslib/wcsmath.h>
#include <wcslib/wcstrig.h>
#include <wcslib/wcsunits.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace recorte::sky {
namespace {

/// WCSLIB's messages, for as long as this lives: its fixes and transformations leak those they
/// write.
struct Messages {
  Messages() { wcserr_enable(1); }
  ~Messages() { wcserr_enable(0); }
};

tl::unexpected<Error> refuse(const std::string& reason) {
  return fail(ErrorCode::kData, "the image's world coordinates cannot be used: " + reason);
}

std::string reason(const wcsprm& wcs, int status) {
  return wcs.err && wcs.err->msg[0] ? wcs.err->msg : wcs_errmsg[status];
}

/// Frees the first two axes from the rest. Off-image axes stay at their reference pixel, where
/// their matrix elements multiply zero; their types and parameters no longer count.
void isolate_plane(wcsprm& wcs) {
  const int n = wcs.naxis;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      if ((i < 2) != (j < 2)) wcs.pc[i * n + j] = wcs.cd[i * n + j] = 0;
  for (int i = 2; i < n; ++i) {
    wcs.ctype[i][0] = wcs.cunit[i][0] = '\0';
    for (int j = 2; j < n; ++j) wcs.pc[i * n + j] = wcs.cd[i * n + j] = i == j;
    if (wcs.cdelt[i] == 0) wcs.cdelt[i] = 1;
  }
  const auto beyond = [](const auto& parameter) { return parameter.i > 2; };
  wcs.npv = static_cast<int>(std::remove_if(wcs.pv, wcs.pv + wcs.npv, beyond) - wcs.pv);
  wcs.nps = static_cast<int>(std::remove_if(wcs.ps, wcs.ps + wcs.nps, beyond) - wcs.ps);
}

/// SCAMP's PVi_m beside SIP say the same thing twice (astropy's rule: unless they have radial
/// terms).
void drop_redundant_scamp(wcsprm& wcs) {
  for (int axis = 1; axis <= 2; ++axis) {
    int greatest = 0;
    for (int k = 0; k < wcs.npv; ++k)
      if (wcs.pv[k].i == axis) greatest = std::max(greatest, wcs.pv[k].m);
    for (int k = 0; k < wcs.npv; ++k)
      for (const int radial : {3, 11, 23, 39})
        if (wcs.pv[k].i == axis && wcs.pv[k].m == radial && radial < greatest) return;
  }
  wcs.npv = 0;
}

bool has_code(const wcsprm& wcs, std::string_view code) {
  return std::string_view(wcs.ctype[0]).find(code) == 4 &&
         std::string_view(wcs.ctype[1]).find(code) == 4;
}

/// 0 or 1.
std::size_t latitude_axis(const wcsprm& wcs) {
  return std::string_view(wcs.ctype[0]).find("LAT") < 4 || wcs.ctype[0][0] == 'D' ? 0 : 1;
}

/// SCAMP writes the terms of TPV under TAN, which itself knows only PV_0 to PV_4 of the longitude.
/// And TPV's linear terms are 1 where they are not written (Registry of FITS Conventions). `terms`
/// is what `wcs` points to from then on.
void mend_tpv(wcsprm& wcs, std::vector<pvcard>& terms) {
  terms.assign(wcs.pv, wcs.pv + wcs.npv);
  const int latitude = static_cast<int>(latitude_axis(wcs)) + 1;
  const bool scamp =
      has_code(wcs, "-TAN") && std::any_of(terms.begin(), terms.end(), [&](const pvcard& term) {
        return term.i == latitude || term.m > 4;
      });
  if (!scamp && !has_code(wcs, "-TPV")) return;
  for (int axis = 1; axis <= 2; ++axis) {
    std::memcpy(wcs.ctype[axis - 1] + 4, "-TPV", 5);
    if (std::none_of(terms.begin(), terms.end(),
                     [&](const pvcard& term) { return term.i == axis && term.m == 1; }))
      terms.push_back({axis, 1, 1.0});
  }
  wcs.pv = terms.data();
  wcs.npv = wcs.npvmax = static_cast<int>(terms.size());
}

/// TPV, TNX and ZPX are polynomials of degrees on the plane, as CDi_j gives them (Registry of FITS
/// Conventions), and WCSLIB has them before CDELTi: the scale must go into the matrix.
void fold_scale(wcsprm& wcs) {
  constexpr int kCd = 2, kCrota = 4;  // bits of altlin
  if ((wcs.altlin & kCd) != 0) return;
  if (!has_code(wcs, "-TPV") && !has_code(wcs, "-TNX") && !has_code(wcs, "-ZPX")) return;
  const std::size_t lat = latitude_axis(wcs);
  const std::size_t lon = 1 - lat;
  if (wcs.altlin == kCrota) {
    const double ratio = wcs.cdelt[lat] / wcs.cdelt[lon];
    const double c = cosd(wcs.crota[lat]);
    const double s = sind(wcs.crota[lat]);
    wcs.pc[3 * lon] = wcs.pc[3 * lat] = c;
    wcs.pc[2 * lon + lat] = -s * ratio;
    wcs.pc[2 * lat + lon] = s / ratio;
  }
  for (int i = 0; i < 4; ++i) wcs.cd[i] = wcs.cdelt[i / 2] * wcs.pc[i];
  wcs.altlin = kCd;
}

void strip_sip_suffix(wcsprm& wcs) {
  for (int i = 0; i < 2; ++i)
    if (std::string_view(wcs.ctype[i]).ends_with("-SIP")) wcs.ctype[i][8] = '\0';
}

/// Projections whose domain on the plane is convex and without cuts: an image with four corners on
/// the sky lies on it wholly.
bool convex_domain(std::string_view code) {
  constexpr std::array kConvex{"AZP", "SZP", "TAN", "STG", "SIN", "ARC", "ZPN", "ZEA", "AIR",
                               "CYP", "CEA", "CAR", "MER", "SFL", "PAR", "MOL", "AIT"};
  return std::find(kConvex.begin(), kConvex.end(), code) != kConvex.end();
}

/// How projection-plane coordinates change by the pixel, distortion and all; rows.
std::array<double, 4> jacobian_at_reference(wcsprm& wcs) {
  const double x = wcs.crpix[0];
  const double y = wcs.crpix[1];
  const double pixels[] = {x + 0.5, y, x - 0.5, y, x, y + 0.5, x, y - 0.5};
  double plane[8];
  linp2x(&wcs.lin, 4, 2, pixels, plane);
  return {plane[0] - plane[2], plane[4] - plane[6], plane[1] - plane[3], plane[5] - plane[7]};
}

bool zenithal(std::string_view code) {
  constexpr std::array kZenithal{"AZP", "SZP", "TAN", "STG", "SIN", "ARC", "ZPN", "ZEA", "AIR"};
  return std::find(kZenithal.begin(), kZenithal.end(), code) != kZenithal.end();
}

int set(wcsprm& wcs) {
  cdfix(&wcs);
  unitfix(0, &wcs);
  for (int i = 0; i < 2; ++i) {
    double scale, offset, power;
    if (wcsunits(wcs.cunit[i], "deg", &scale, &offset, &power) != 0)
      wcs.cunit[i][0] = '\0';  // a unit that is no angle means degrees
  }
  std::optional<Messages> messages;
  // What WCSLIB 7.12 says of a broken distortion takes a number for text, and crashes.
  if (wcs.lin.dispre == nullptr && wcs.lin.disseq == nullptr) messages.emplace();
  // celfix sets it up first, and what a second attempt finds half made after a first that failed,
  // it leaks.
  if (const int status = wcsset(&wcs); status != 0) return status;
  celfix(&wcs);
  return wcsset(&wcs);
}

}  // namespace

Result<Wcs> Wcs::parse(std::string_view cards) {
  const std::lock_guard lock(wcslib_mutex());
  auto text = cards_for_wcslib(cards);
  Descriptions descriptions;
  if (const int status = descriptions.read(text); status != 0) return refuse(wcshdr_errmsg[status]);
  wcsprm* header = descriptions.primary();
  if (header == nullptr || header->naxis < 2)
    return refuse("the header has no CTYPE1 and CTYPE2 of a celestial pair");
  isolate_plane(*header);
  strip_sip_suffix(*header);
  const auto sip = read_sip(cards);
  if (sip) drop_redundant_scamp(*header);
  std::vector<pvcard> terms;
  mend_tpv(*header, terms);

  auto impl = std::make_shared<Impl>();
  auto& wcs = impl->wcs;
  wcsfree(&wcs);
  wcs.flag = -1;
  int count = 2;
  int axes[2] = {1, 2};
  if (const int status = wcssub(1, header, &count, axes, &wcs); status != 0)
    return refuse(reason(*header, status));
  fold_scale(wcs);
  // cdfix takes a matrix of zeros for none at all, and invents one.
  if ((wcs.altlin & 2) != 0 && std::all_of(wcs.cd, wcs.cd + 4, [](double v) { return v == 0; }))
    return refuse("the matrix of CDi_j is all zeros");
  if (const int status = set(wcs); status != 0) return refuse(reason(wcs, status));
  if (wcs.lng < 0 || wcs.lat < 0)
    return refuse("CTYPE1 '" + std::string(trim(wcs.ctype[0])) + "' and CTYPE2 '" +
                  std::string(trim(wcs.ctype[1])) + "' are not a celestial pair");

  std::optional<double> equinox;
  if (!undefined(wcs.equinox) && std::isfinite(wcs.equinox)) equinox = wcs.equinox;
  auto frame = Frame::make(trim(wcs.lngtyp), wcs.radesys, equinox);
  if (!frame) return fail(frame.error());
  impl->frame = *frame;
  if (sip) impl->sip.emplace(sip->a, sip->b, wcs.crpix[0] - 1, wcs.crpix[1] - 1);
  impl->scale_x = std::hypot(wcs.cdelt[0] * wcs.pc[0], wcs.cdelt[1] * wcs.pc[2]);
  impl->scale_y = std::hypot(wcs.cdelt[0] * wcs.pc[1], wcs.cdelt[1] * wcs.pc[3]);
  const double* pc = wcs.pc;
  const double area = std::abs(wcs.cdelt[0] * wcs.cdelt[1] * (pc[0] * pc[3] - pc[1] * pc[2]));
  if (!(area > 1e-12 * impl->scale_x * impl->scale_y))
    return refuse("the matrix of CDi_j (or PCi_j and CDELTi) is singular");
  impl->distorted = wcs.lin.dispre != nullptr || wcs.lin.disseq != nullptr;
  if (impl->distorted) impl->jacobian = jacobian_at_reference(wcs);
  if (zenithal(wcs.cel.prj.code)) {
    double lonlat[2] = {wcs.cel.euler[0] + 180, wcs.cel.euler[1] - 90};
    impl->frame.to_icrs(lonlat);
    impl->antipode = to_vector({lonlat[0], lonlat[1]});
  }
  impl->seams = !convex_domain(wcs.cel.prj.code);
  return Wcs(std::move(impl));
}

}  // namespace recorte::sky
