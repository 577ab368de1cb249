// No C++ exception crosses the C ABI: each function's body runs in here.
#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>

#include "anneal_torch.h"

namespace anneal {

std::string& last_error();

template <class Body>
anneal_status guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        last_error() = error.what_without_backtrace();
    } catch (const std::bad_alloc&) {
        last_error() = "out of memory";
        return 2;
    } catch (const std::exception& error) {
        last_error() = error.what();
    } catch (...) {
        last_error() = "an exception of an unknown type";
    }
    const std::string& message = last_error();
    const bool out_of_memory = message.find("out of memory") != std::string::npos
        || message.find("can't allocate memory") != std::string::npos;
    return out_of_memory ? 2 : 1;
}

}  // namespace anneal
