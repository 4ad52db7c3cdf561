/// What an ID names: a survey (`des_dr2`), a survey's release (`demo_1`), or an image, by its own
/// id, as `survey/image`, or by a publisher DID that ends in `?` and one of these.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/service/cutouts.hpp"
#include "server/service/survey_book.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace recorte::service {

struct Identified {
  std::string survey;
  std::string release, image;  ///< "" where the ID names none
};

class Identifier {
 public:
  /// Both must outlive it.
  Identifier(SurveyBook& surveys, Cutouts& cutouts);

  using Done = std::function<void(Result<Identified>)>;
  /// Calls `done` once, at once or on another thread. kNotFound names the id and the surveys there
  /// are, of those that the caller may see.
  void identify(const std::string& id, const Asker& asker, Done done);

 private:
  struct Search;
  void next(std::shared_ptr<Search> search);

  SurveyBook& surveys_;
  Cutouts& cutouts_;
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> survey_of_image_;  ///< found before; bounded
};

}  // namespace recorte::service
