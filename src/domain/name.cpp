// SPDX-License-Identifier: Apache-2.0
// Canonical names by table, in one pass over the bytes; whatever the table does not know starts again by the rules.
#include <cstring>
#include <xacthuc/domain/name.hpp>

#include "domain/name_digest.hpp"
#include "domain/name_letters.hpp"
#include "domain/name_rules.hpp"
#include "domain/name_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] constexpr bool is_trail(unsigned byte) noexcept {
    return (byte & 0xC0) == 0x80;
}

// Both forms of one name while they are written. The tone of the syllable waits in tone_ until the syllable ends.
class latin_name {
  public:
    latin_name(const letter_table& table, const name_writer& writer) noexcept
        : table_{table}, writer_{writer}, exact_{writer.exact()}, folded_{writer.folded()} {}

    // False when the name needs the rules.
    [[nodiscard]] bool add(const letter& l) noexcept {
        if (l.kind == letter_kind::letter) [[likely]] {
            set_letter(l);
            tone_ += l.tone;
            return true;
        }
        switch (l.kind) {
            case letter_kind::space:
                return end_syllable() && (add_space(), true);
            case letter_kind::separator:
                if (!end_syllable()) return false;
                set_letter(l);
                last_ = nullptr;
                return true;
            case letter_kind::dropped:
                return true;
            case letter_kind::tone_mark:
                if (last_ == nullptr || last_->vowel == vowel_kind::none) return false;
                tone_ += l.tone;
                return true;
            case letter_kind::quality_mark:
                return last_ != nullptr && add_quality(l);
            default:
                return false;
        }
    }

    // False when the name needs the rules, also when nothing of it is left.
    [[nodiscard]] bool finish() noexcept {
        if (!end_syllable() || exact_ == writer_.exact()) return false;
        const int trailing = after_space_ ? 1 : 0;
        writer_.finish(exact_ - trailing, folded_ - trailing);
        return true;
    }

  private:
    void set_letter(const letter& l) noexcept {
        // Four bytes at once, of which exact_bytes count; the next store overwrites the others.
        std::memcpy(exact_, l.exact.data(), l.exact.size());
        exact_ += l.exact_bytes;
        *folded_++ = l.folded;
        last_ = &l;
        after_space_ = false;
    }

    void add_space() noexcept {
        if (after_space_) return;
        *exact_++ = ' ';
        *folded_++ = ' ';
        after_space_ = true;
    }

    // Â typed as A and a circumflex: takes back the vowel, which is the last thing written.
    [[nodiscard]] bool add_quality(const letter& mark) noexcept {
        const letter& composed = table_.with_quality(last_->vowel, mark.quality);
        if (composed.kind != letter_kind::letter) return false;
        exact_ -= last_->exact_bytes;
        --folded_;
        set_letter(composed);
        return true;
    }

    [[nodiscard]] bool end_syllable() noexcept {
        last_ = nullptr;
        if (tone_ == 0) return true;
        if (tone_ > 0x1F) return false;
        const char32_t letter = tones[tone_ - 0x11].letter;
        *exact_++ = static_cast<char>(0xC0 | letter >> 6);
        *exact_++ = static_cast<char>(0x80 | (letter & 0x3F));
        tone_ = 0;
        return true;
    }

    const letter_table& table_;
    const name_writer& writer_;
    char* exact_;
    char* folded_;
    const letter* last_ = nullptr;  // the last letter of this syllable
    std::uint32_t tone_ = 0;        // sum of letter::tone over this syllable
    bool after_space_ = true;       // nothing but a space may be trimmed or doubled here
};

// False when the name needs the rules, which then also say what is wrong with it, if anything is.
[[nodiscard]] bool canonicalize_latin(std::string_view utf8, const name_writer& writer) noexcept {
    const letter_table& table = letter_table::instance();
    latin_name name{table, writer};
    const auto* at = reinterpret_cast<const unsigned char*>(utf8.data());
    const auto* const end = at + utf8.size();
    while (at != end) {
        const unsigned lead = *at;
        const letter* l = nullptr;
        if (lead < 0x80) {
            l = &table.ascii(lead);
            at += 1;
        } else if (lead < 0xE0) {
            if (lead < 0xC2 || end - at < 2 || !is_trail(at[1])) return false;
            l = &table[(lead & 0x1F) << 6 | (at[1] & 0x3F)];
            at += 2;
        } else {
            if (lead > 0xEF || end - at < 3 || !is_trail(at[1]) || !is_trail(at[2])) return false;
            const unsigned c = (lead & 0xF) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
            if (c < 0x800) return false;
            l = &table[c];
            at += 3;
        }
        if (!name.add(*l)) return false;
    }
    return name.finish();
}

}  // namespace

name_digests name_forms::digests(const digest_key& key) const noexcept {
    return {name_digest_of(key.hash(exact())), static_cast<std::uint32_t>(name_digest_of(key.hash(folded())))};
}

result<void> canonicalize(std::string_view utf8, name_forms& forms) noexcept {
    name_writer writer{forms};
    if (utf8.size() <= name_bytes_max && canonicalize_latin(utf8, writer)) return {};
    return canonicalize_by_rules(utf8, forms);
}

result<name_digests> digest_name(std::string_view utf8, const digest_key& key) noexcept {
    name_forms forms;
    if (const auto made = canonicalize(utf8, forms); !made) return made.error();
    return forms.digests(key);
}

result<std::string> exact_form(std::string_view utf8) {
    name_forms forms;
    if (const auto made = canonicalize(utf8, forms); !made) return made.error();
    return std::string{forms.exact()};
}

result<std::string> folded_form(std::string_view utf8) {
    name_forms forms;
    if (const auto made = canonicalize(utf8, forms); !made) return made.error();
    return std::string{forms.folded()};
}

}  // namespace xacthuc::inline v0_1
