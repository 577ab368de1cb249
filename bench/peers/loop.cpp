// The training loop as a C++ programmer writes it on bare libtorch: no toolkit around it.
//
//   loop --model convnet|mlp --batch N --threads N --seconds S [--bf16] [--channels-last] [--augment]
//
// A step takes the next batch of a shuffled, resident data set, crops and flips it with --augment, normalizes it, runs
// forward, loss, backward and torch::optim::SGD, and reads the loss, as a loop that watches for NaN must. Prints the
// line of JSON that bench/run reads.
#include <malloc.h>
#include <torch/torch.h>

#include <ATen/autocast_mode.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

struct Options {
    std::string model = "convnet";
    int64_t batch = 128;
    int threads = 1;
    double seconds = 5;
    bool bf16 = false, channels_last = false, augment = false;
};

Options parse(int count, char** words) {
    Options options;
    for (int i = 1; i < count; i++) {
        std::string word = words[i];
        auto value = [&] {
            if (++i >= count) throw std::invalid_argument(word + " needs a value");
            return std::string(words[i]);
        };
        if (word == "--model") options.model = value();
        else if (word == "--batch") options.batch = std::stoll(value());
        else if (word == "--threads") options.threads = std::stoi(value());
        else if (word == "--seconds") options.seconds = std::stod(value());
        else if (word == "--bf16") options.bf16 = true;
        else if (word == "--channels-last") options.channels_last = true;
        else if (word == "--augment") options.augment = true;
        else throw std::invalid_argument("unknown option " + word);
    }
    return options;
}

void add_block(torch::nn::Sequential& body, int64_t inputs, int64_t outputs) {
    body->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(inputs, outputs, 3).padding(1).bias(false)));
    body->push_back(torch::nn::BatchNorm2d(outputs));
    body->push_back(torch::nn::ReLU(torch::nn::ReLUOptions(true)));
    body->push_back(torch::nn::MaxPool2d(2));
}

torch::nn::Sequential build(const std::string& name) {
    torch::nn::Sequential body;
    if (name == "convnet") {
        add_block(body, 1, 16);
        add_block(body, 16, 32);
        add_block(body, 32, 64);
        body->push_back(torch::nn::Flatten());
        body->push_back(torch::nn::Linear(64 * 3 * 3, 10));
    } else if (name == "mlp") {
        body->push_back(torch::nn::Flatten());
        body->push_back(torch::nn::Linear(784, 128));
        body->push_back(torch::nn::ReLU());
        body->push_back(torch::nn::Linear(128, 10));
    } else {
        throw std::invalid_argument("unknown model " + name);
    }
    return body;
}

void set_autocast(bool enabled) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCPU, enabled);
#else
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(enabled);
#endif
    if (!enabled) at::autocast::clear_cache();
}

}  // namespace

int main(int count, char** words) try {
    Options options = parse(count, words);
    // The same allocator settings as Anneal's: memory of a step is kept for the next one.
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    at::set_num_threads(options.threads);
    torch::manual_seed(0);

    const int64_t rows = 60000;
    auto images = torch::randint(0, 256, {rows, 28, 28}, torch::kUInt8);
    auto labels = torch::randint(0, 10, {rows}, torch::kInt64);
    torch::Tensor crops;
    if (options.augment) {
        crops = at::constant_pad_nd(images, {2, 2, 2, 2}).unfold(1, 28, 1).unfold(2, 28, 1);
    }

    auto model = build(options.model);
    if (options.channels_last) {
        for (auto& parameter : model->parameters()) {
            if (parameter.dim() == 4) {
                torch::NoGradGuard no_gradient;
                parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
            }
        }
    }
    torch::optim::SGD optimizer(
        model->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).nesterov(true).weight_decay(5e-4));

    torch::Tensor order;
    int64_t next = rows;
    auto step = [&] {
        if (next + options.batch > rows) {
            order = torch::randperm(rows, torch::kInt64);
            next = 0;
        }
        auto chosen = order.slice(0, next, next + options.batch);
        next += options.batch;
        torch::Tensor batch;
        if (options.augment) {
            auto offsets = torch::randint(0, 5, {2, options.batch}, torch::kInt64);
            batch = crops.index({chosen, offsets[0], offsets[1]});
            auto flips = torch::rand({options.batch, 1, 1}) < 0.5;
            batch = torch::where(flips, batch.flip(2), batch);
        } else {
            batch = images.index_select(0, chosen);
        }
        batch = batch.unsqueeze(1).to(torch::kFloat).div_(255).sub_(0.2860).div_(0.3530);
        if (options.channels_last) batch = batch.contiguous(at::MemoryFormat::ChannelsLast);

        if (options.bf16) set_autocast(true);
        auto scores = model->forward(batch);
        if (options.bf16) set_autocast(false);
        auto loss = torch::nn::functional::cross_entropy(scores.to(torch::kFloat), labels.index_select(0, chosen));
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.item<double>();
    };

    using Clock = std::chrono::steady_clock;
    const char* asked = std::getenv("ANNEAL_BENCH_CLOCK");
    const bool processor_time = asked && std::string(asked) == "processor";
    auto run = [&](double seconds) {
        int64_t steps = 0;
        double elapsed;
        auto started = Clock::now();
        auto used = std::clock();
        do {
            step();
            steps++;
            elapsed = std::chrono::duration<double>(Clock::now() - started).count();
        } while (elapsed < seconds || steps < 3);
        return (processor_time ? double(std::clock() - used) / CLOCKS_PER_SEC : elapsed) / steps;
    };
    run(options.seconds / 4);
    std::printf(
        "{\"name\": \"%s bare C++\", \"seconds_per_step\": %.9g, \"threads\": %d, \"torch\": \"%s\"}\n",
        options.model.c_str(), run(options.seconds), at::get_num_threads(), TORCH_VERSION);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
