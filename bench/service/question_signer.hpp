// SPDX-License-Identifier: Apache-2.0
// An agency that signs its questions by RFC 9421, each with a nonce of its own.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace xacthuc::bench {

class question_signer {
  public:
    // Makes a key, whose public half goes into the folder as agency 1's.
    explicit question_signer(const std::filesystem::path& folder);

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    // A question as a whole signed request, of now.
    [[nodiscard]] std::string posted(std::string_view body) const;

  private:
    std::filesystem::path folder_;
    std::array<unsigned char, 32> public_{};
    std::array<unsigned char, 64> secret_{};
};

}  // namespace xacthuc::bench
