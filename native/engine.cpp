// The engine as a whole: errors, threads, random numbers, what build this is.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <mutex>

#include "guarded.h"
#include "references.h"

#if defined(__GNUC__) && !defined(_WIN32)
// OpenBLAS keeps threads of its own, of which libtorch knows nothing. Null where the matrices are somebody else's.
extern "C" void openblas_set_num_threads(int threads) __attribute__((weak));
#endif

namespace anneal {

at::Generator*& generator_in_force(c10::DeviceType type) {
    // The processor's, and that of the one other kind of device that a process computes on.
    thread_local at::Generator* in_force[2] = {};
    return in_force[type == c10::DeviceType::CPU ? 0 : 1];
}

std::string& last_error() {
    thread_local std::string message;
    return message;
}

namespace {

// glibc returns every activation above 128 KiB to the kernel and faults it in again at the next step.
// Keeping freed memory gives 1.4 times the speed of an fp32 training step on one thread.
struct KeepFreedMemory {
    KeepFreedMemory() {
#if defined(__GLIBC__)
        mallopt(M_MMAP_MAX, 0);
        mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
    }
} keep_freed_memory;

at::Generator generator(int32_t device_type, int32_t device_index) {
    return at::globalContext().defaultGenerator(
        c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index)));
}

}  // namespace
}  // namespace anneal

const char* anneal_last_error(void) { return anneal::last_error().c_str(); }

anneal_status anneal_random_seed(int32_t device_type, int32_t device_index, uint64_t seed) {
    return anneal::guarded([&] {
        auto generator = anneal::generator(device_type, device_index);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_current_seed(seed);
    });
}

anneal_status anneal_random_state(int32_t device_type, int32_t device_index, anneal_tensor* state) {
    return anneal::guarded([&] {
        auto generator = anneal::generator(device_type, device_index);
        std::lock_guard<std::mutex> lock(generator.mutex());
        *state = anneal::give(generator.get_state());
    });
}

anneal_status anneal_random_set_state(int32_t device_type, int32_t device_index, anneal_tensor state) {
    return anneal::guarded([&] {
        auto generator = anneal::generator(device_type, device_index);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(anneal::borrow(state));
    });
}

anneal_status anneal_generator_create(int32_t device_type, int32_t device_index, uint64_t seed, anneal_generator* created) {
    return anneal::guarded([&] {
        auto shared = anneal::generator(device_type, device_index);
        at::Generator own;
        {
            std::lock_guard<std::mutex> lock(shared.mutex());
            own = shared.clone();
        }
        own.set_current_seed(seed);
        *created = new at::Generator(std::move(own));
    });
}

anneal_status anneal_generator_release(anneal_generator generator) {
    return anneal::guarded([&] { delete static_cast<at::Generator*>(generator); });
}

anneal_status anneal_generator_seed(anneal_generator generator, uint64_t seed) {
    return anneal::guarded([&] {
        auto& own = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(own.mutex());
        own.set_current_seed(seed);
    });
}

anneal_status anneal_generator_state(anneal_generator generator, anneal_tensor* state) {
    return anneal::guarded([&] {
        auto& own = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(own.mutex());
        *state = anneal::give(own.get_state());
    });
}

anneal_status anneal_generator_set_state(anneal_generator generator, anneal_tensor state) {
    return anneal::guarded([&] {
        auto& own = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(own.mutex());
        own.set_state(anneal::borrow(state));
    });
}

anneal_status anneal_generator_use(int32_t device_type, anneal_generator generator, anneal_generator* before) {
    return anneal::guarded([&] {
        auto*& used = anneal::generator_in_force(static_cast<c10::DeviceType>(device_type));
        *before = used;
        used = static_cast<at::Generator*>(generator);
    });
}

anneal_status anneal_threads(int32_t* threads) {
    return anneal::guarded([&] { *threads = at::get_num_threads(); });
}

anneal_status anneal_set_threads(int32_t threads) {
    return anneal::guarded([&] {
        TORCH_CHECK(threads >= 1, "the number of threads must be at least 1, but is ", threads);
        at::set_num_threads(threads);
#if defined(__GNUC__) && !defined(_WIN32)
        if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
#endif
    });
}

anneal_status anneal_cuda_devices(int32_t* devices) {
    return anneal::guarded([&] {
        *devices = at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0;
    });
}

anneal_status anneal_synchronize(int32_t device_type, int32_t device_index) {
    return anneal::guarded([&] {
        const c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        if (device.is_cpu()) return;
        c10::impl::VirtualGuardImpl guard(device.type());
        guard.getStream(device).synchronize();
    });
}

anneal_status anneal_engine_information(int32_t topic, const char** text) {
    return anneal::guarded([&] {
        thread_local std::string kept;
        switch (topic) {
            case 0: kept = TORCH_VERSION; break;
            case 1: kept = at::show_config(); break;
            case 2: kept = at::get_parallel_info(); break;
            default: TORCH_CHECK(false, "topic ", topic, " is not known");
        }
        *text = kept.c_str();
    });
}
