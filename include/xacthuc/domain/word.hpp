// SPDX-License-Identifier: Apache-2.0
// Words of fixed lists as people type them: a sex, a status, yes and no. They are compared like names: two words are
// the same when their exact forms are. So letters may be in any case, composed or decomposed, the tone may be typed
// anywhere in its syllable, and white space or a byte order mark may stand around the word.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The place of the text in `words`, or words.size() when it is none of them. Marks count: "nứ" is not "nữ". If a word
// may be written without any marks, the list has it in that form too. Empty text is only the word "".
// Requires: each word is in its exact form (see name.hpp), though its letters A to Z may be in lower case.
// Complexity: linear; allocates nothing; text without marks that is one of the words as it stands takes no detour.
// Concurrency: any thread.
[[nodiscard]] XACTHUC_API std::size_t find_word(std::span<const std::string_view> words,
                                                std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1
