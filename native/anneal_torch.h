// The C ABI over libtorch. Every function returns 0, or 1 with a message in anneal_last_error (2: out of memory).
//
// A tensor is an owned, counted reference: whoever receives one releases it once. Null is the undefined tensor.
// Scalar types, device types, memory formats and layouts are libtorch's own numbers.
#pragma once

#include <stdint.h>

#if defined(_WIN32)
#define ANNEAL_API extern "C" __declspec(dllexport)
#else
#define ANNEAL_API extern "C" __attribute__((visibility("default")))
#endif

typedef void* anneal_tensor;
typedef void* anneal_operator;
typedef void* anneal_list;
typedef void* anneal_generator;
typedef int32_t anneal_status;

enum anneal_tag {
    anneal_none = 0,
    anneal_tensor_value = 1,
    anneal_integer = 2,
    anneal_real = 3,
    anneal_boolean = 4,
    anneal_integers = 5,  // pointer to int64_t, length
    anneal_reals = 6,     // pointer to double, length
    anneal_tensors = 7,   // pointer to anneal_tensor, length; null entries are undefined
    anneal_string = 8,    // pointer to UTF-8, length
    anneal_device = 9,    // integer: device type * 256 + device index + 1
    anneal_held_list = 10,  // pointer to an anneal_list
};

typedef struct {
    int32_t tag;
    int32_t length;
    union {
        int64_t integer;
        double real;
        const void* pointer;
    } value;
} anneal_argument;

typedef struct {
    int64_t elements;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
    int32_t dimensions;
    int32_t requires_gradient;
    int32_t is_contiguous;
    int32_t is_channels_last;
    int32_t reserved;
} anneal_description;

// The message of the last failed call on this thread. Valid until the next call on it.
ANNEAL_API const char* anneal_last_error(void);

// ---- Operators: any operator of libtorch's dispatcher, and the kernels of kernels/*.cpp, by name.
ANNEAL_API anneal_status anneal_operator_find(const char* name, const char* overload, anneal_operator* found);
// Arguments are positional; those left out at the end take the schema's defaults. Writes at most `capacity`
// result tensors and sets `count` to how many there are; results beyond the capacity are released.
ANNEAL_API anneal_status anneal_operator_invoke(
    anneal_operator op, const anneal_argument* arguments, int32_t argument_count,
    anneal_tensor* results, int32_t capacity, int32_t* count);

// A list of tensors, held natively: an operator takes it as it is, without a reference counted for each tensor.
ANNEAL_API anneal_status anneal_list_create(const anneal_tensor* tensors, int32_t count, anneal_list* created);
ANNEAL_API anneal_status anneal_list_release(anneal_list list);

// ---- Tensors
ANNEAL_API anneal_status anneal_tensor_release(anneal_tensor tensor);
ANNEAL_API anneal_status anneal_tensor_retain(anneal_tensor tensor, anneal_tensor* same);
// Copies `bytes` bytes in row-major order into a new CPU tensor.
ANNEAL_API anneal_status anneal_tensor_from_memory(
    const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t scalar_type, anneal_tensor* created);
// Copies all elements, in row-major order whatever the strides, to `destination` of exactly `bytes` bytes.
ANNEAL_API anneal_status anneal_tensor_to_memory(anneal_tensor tensor, void* destination, int64_t bytes);
// Copies row-major bytes into an existing tensor of any layout and device.
ANNEAL_API anneal_status anneal_tensor_load(anneal_tensor tensor, const void* data, int64_t bytes);
ANNEAL_API anneal_status anneal_tensor_describe(anneal_tensor tensor, anneal_description* description);
ANNEAL_API anneal_status anneal_tensor_sizes(anneal_tensor tensor, int64_t* sizes, int64_t* strides, int32_t capacity);
// The one element of a tensor, as a double and as an integer.
ANNEAL_API anneal_status anneal_tensor_item(anneal_tensor tensor, double* real, int64_t* integer);

// ---- Autograd
ANNEAL_API anneal_status anneal_tensor_set_requires_gradient(anneal_tensor tensor, int32_t required);
ANNEAL_API anneal_status anneal_tensor_gradient(anneal_tensor tensor, anneal_tensor* gradient);
ANNEAL_API anneal_status anneal_tensor_set_gradient(anneal_tensor tensor, anneal_tensor gradient);
ANNEAL_API anneal_status anneal_tensor_backward(anneal_tensor tensor, anneal_tensor gradient, int32_t keep_graph);
ANNEAL_API anneal_status anneal_gradient_mode(int32_t enabled, int32_t* before);
// Casts to a scalar type on a device type, -1 for not at all, until left with what was so before. Regions nest.
// The cast cache is cleared on leaving the outermost.
ANNEAL_API anneal_status anneal_autocast_enter(int32_t device_type, int32_t precision, int32_t* before);
ANNEAL_API anneal_status anneal_autocast_leave(int32_t device_type, int32_t before);

// ---- Random numbers: the default generator of a device.
ANNEAL_API anneal_status anneal_random_seed(int32_t device_type, int32_t device_index, uint64_t seed);
ANNEAL_API anneal_status anneal_random_state(int32_t device_type, int32_t device_index, anneal_tensor* state);
ANNEAL_API anneal_status anneal_random_set_state(int32_t device_type, int32_t device_index, anneal_tensor state);
// A generator of one's own, of a device's kind.
ANNEAL_API anneal_status anneal_generator_create(int32_t device_type, int32_t device_index, uint64_t seed, anneal_generator* created);
ANNEAL_API anneal_status anneal_generator_release(anneal_generator generator);
ANNEAL_API anneal_status anneal_generator_seed(anneal_generator generator, uint64_t seed);
ANNEAL_API anneal_status anneal_generator_state(anneal_generator generator, anneal_tensor* state);
ANNEAL_API anneal_status anneal_generator_set_state(anneal_generator generator, anneal_tensor state);
// Operators called on this thread draw from it on its device, unless they are given another; null: from the device's default.
// `before` is what was in force for that kind of device. It must outlive its use.
ANNEAL_API anneal_status anneal_generator_use(int32_t device_type, anneal_generator generator, anneal_generator* before);

// ---- The engine
ANNEAL_API anneal_status anneal_threads(int32_t* threads);
ANNEAL_API anneal_status anneal_set_threads(int32_t threads);
ANNEAL_API anneal_status anneal_cuda_devices(int32_t* devices);
ANNEAL_API anneal_status anneal_synchronize(int32_t device_type, int32_t device_index);
// topic 0: version; 1: build configuration with the CPU capability in use; 2: threading.
ANNEAL_API anneal_status anneal_engine_information(int32_t topic, const char** text);
