/// A region's edge over a rectangle of pixels as straight segments on the pixel plane: each arc is
/// halved until a quartic through five of its points follows it, and the quartic is made a
/// polyline. Only the edge near the rectangle is followed; the rest may be anywhere, or nowhere on
/// the plane.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/pixel_rect.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <optional>
#include <span>
#include <vector>

namespace recorte::sky {

/// On the pixel plane of the image.
struct Segment {
  Pixel from, to;
};

/// How far the segments and the edge may lie apart, pixels.
inline constexpr double kOutlineError = 0.01;

/// The edge where it comes near the centres of the rectangle's pixels: a chain of segments without
/// gaps, both ends of which, if it has any, lie outside. Nothing where the plane around the
/// rectangle cannot be trusted: part of it has no sky, or has a seam, or the edge jumps on it.
std::optional<std::vector<Segment>> outline_edge(std::span<const Arc> arcs, const Wcs& wcs,
                                                 const PixelRect& rect);

/// Degrees of sky by the unit of t; an arc goes evenly.
double speed_of(const Arc& arc);

}  // namespace recorte::sky
