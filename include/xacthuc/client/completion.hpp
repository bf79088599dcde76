// SPDX-License-Identifier: Apache-2.0
// A handler of Asio's, of whatever type, that waits for an answer: what the calls of client take. It is called once, by
// its own executor, and its cancellation slot stops the call.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <xacthuc/client/no_answer.hpp>

namespace xacthuc::inline v0_1::client {

// Something that takes an answered<T> once, and may only be moved.
template <class T>
class completion {
  public:
    // `What` has a call operator for answered<T>, and may have on_stop(std::function<void()>).
    template <class What>
    explicit completion(What what)
        : what_{new What(std::move(what)), [](void* of) noexcept { delete static_cast<What*>(of); }},
          call_{[](void* of, answered<T>&& got) { (*static_cast<What*>(of))(std::move(got)); }},
          on_stop_{[](void* of, std::function<void()>&& stop) {
              if constexpr (requires { static_cast<What*>(of)->on_stop(std::move(stop)); })
                  static_cast<What*>(of)->on_stop(std::move(stop));
          }} {}

    // Requires: the first call.
    void operator()(answered<T>&& got) {
        const auto what = std::move(what_);
        call_(what.get(), std::move(got));
    }
    // What whoever waits calls to end the waiting. To be told before there is an answer, by the thread that asks.
    void on_stop(std::function<void()> stop) { on_stop_(what_.get(), std::move(stop)); }

  private:
    std::unique_ptr<void, void (*)(void*) noexcept> what_;
    void (*call_)(void*, answered<T>&&);
    void (*on_stop_)(void*, std::function<void()>&&);
};

// A handler, and the executor that is kept at work until it is called.
template <class T, class Handler>
class waiting_handler {
  public:
    waiting_handler(Handler handler, const boost::asio::any_io_executor& by)
        : work_{boost::asio::get_associated_executor(handler, by)},
          slot_{boost::asio::get_associated_cancellation_slot(handler)},
          handler_{std::move(handler)} {}

    void operator()(answered<T>&& got) {
        const auto to = work_.get_executor();
        boost::asio::post(to, [handler = std::move(handler_), slot = slot_, work = std::move(work_),
                               answer = std::move(got)]() mutable {
            if (slot.is_connected()) slot.clear();
            work.reset();
            std::move(handler)(std::move(answer));
        });
    }
    void on_stop(std::function<void()> stop) {
        if (slot_.is_connected()) slot_.assign([stop = std::move(stop)](boost::asio::cancellation_type) { stop(); });
    }

  private:
    using executor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    boost::asio::executor_work_guard<executor> work_;
    boost::asio::cancellation_slot slot_;
    Handler handler_;
};

}  // namespace xacthuc::inline v0_1::client
