// SPDX-License-Identifier: Apache-2.0
#include "client/question_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <span>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "columns/field_text.hpp"
#include "columns/made_row.hpp"
#include "domain/octets.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

// Names are digested on the way, under a key that nothing else is digested under.
[[nodiscard]] const digest_key& key_of_checks() {
    static const auto key = digest_key::from_bytes(std::array<std::byte, digest_key_bytes>{});
    return key;
}

// Appends members of an object, whose names need no escapes.
class member_writer {
  public:
    explicit member_writer(std::string& to) : to_{to} { to_ += '{'; }

    void text(std::string_view name, std::string_view value) {
        begin(name);
        to_ += boost::json::serialize(boost::json::string_view{value.data(), value.size()});
    }
    void plain_text(std::string_view name, std::string_view value) {
        begin(name);
        ((to_ += '"') += value) += '"';
    }
    void number(std::string_view name, std::uint64_t value) {
        begin(name);
        to_ += std::to_string(value);
    }
    void proof(const holder_proof& of) {
        begin("holder_proof");
        member_writer inside{to_};
        inside.number("issued_at_unix_ms", static_cast<std::uint64_t>(of.issued_at_unix_ms));
        inside.plain_text("nonce", hex(of.nonce));
        inside.plain_text("signature", hex(of.signature.bytes));
        inside.end();
    }
    void end() { to_ += '}'; }

  private:
    void begin(std::string_view name) {
        if (!is_first_) to_ += ',';
        is_first_ = false;
        ((to_ += '"') += name) += "\":";
    }
    [[nodiscard]] static std::string hex(std::span<const std::byte> bytes) {
        std::string text(2 * bytes.size() + 1, '\0');
        sodium_bin2hex(text.data(), text.size(), octets(bytes), bytes.size());
        text.pop_back();
        return text;
    }

    std::string& to_;
    bool is_first_ = true;
};

void write_id(member_writer& to, personal_id id) {
    const auto digits = id.digits();
    to.plain_text(to_string(request_field::id), {digits.data(), digits.size()});
}

void write_claims(member_writer& to, const claim_set& of) {
    std::string text;
    for (auto k = static_cast<std::size_t>(request_field::name); k < request_field_count; ++k) {
        const auto field = static_cast<request_field>(k);
        text.clear();
        columns::append_text(text, field, of);
        if (text.empty()) continue;
        if (field == request_field::agency || field == request_field::procedure) {
            const auto code = field == request_field::agency ? of.agency : of.procedure;
            if (code != 0) to.number(to_string(field), code);
        } else if (field == request_field::name || field == request_field::name_exact) {
            to.text(to_string(field), text);
        } else {
            to.plain_text(to_string(field), text);
        }
    }
}

}  // namespace

std::optional<no_answer> fault_of(const claim_set& question) {
    request made;
    const auto why = columns::make_request(question, key_of_checks(), 0, made);
    if (!why) return std::nullopt;
    return no_answer{.kind = no_answer_kind::argument,
                     .code = why.code,
                     .title = why.why().message(),
                     .member = std::string{why.name()}};
}

void append_question(std::string& to, const claim_set& question, const asking& how) {
    member_writer made{to};
    write_id(made, question.id);
    write_claims(made, question);
    if (how.officer) made.number("officer", *how.officer);
    if (how.max_age)
        made.number("max_age_ms", static_cast<std::uint64_t>(std::max<std::int64_t>(how.max_age->count(), 0)));
    if (how.proof) made.proof(*how.proof);
    made.end();
}

void append_question(std::string& to, const claim_set& question, const holder_proof* proof) {
    member_writer made{to};
    write_id(made, question.id);
    write_claims(made, question);
    if (proof != nullptr) made.proof(*proof);
    made.end();
}

std::string accesses_question(personal_id id, const holder_proof& proof, const access_query& which) {
    std::string text;
    member_writer made{text};
    write_id(made, id);
    made.proof(proof);
    if (which.from) made.plain_text("from", which.from->to_string());
    if (which.to) made.plain_text("to", which.to->to_string());
    made.number("limit", which.limit);
    made.number("page", which.page);
    made.end();
    return text;
}

}  // namespace xacthuc::inline v0_1::client
