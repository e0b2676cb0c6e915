#include "side_by_side.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace sessenum::tool {
namespace {

// Bytes of calls that one capture may have waiting. A capture whose turn comes late would else be held as a whole.
constexpr std::size_t kMostWaiting = 4U << 20U;
// Bytes of calls that are handed over together: not every call is worth waking the other thread.
constexpr std::size_t kBatch = 64U << 10U;
// Captures that are begun ahead of the one whose turn it is, for each reader.
constexpr std::size_t kAhead = 2;

struct Started {
  std::string path;
};
struct Told {
  std::unique_ptr<Call> call;
  std::string capture;
};
struct Failed {
  std::string message;
};
struct Ended {
  std::string name;
  Summary summary;
  std::string error;
};
using Event = std::variant<Started, Told, Failed, Ended>;

// Tells the listener of one capture. Once it wants no more it hears no errors: a single thread would not have come to
// them.
class Teller {
 public:
  explicit Teller(const CaptureListener& to) : to_(to) {}

  void operator()(const Started& event) const {
    if (to_.on_start) to_.on_start(event.path);
  }
  void operator()(const Told& event) { is_wanted_ = to_.on_call(*event.call, event.capture) && is_wanted_; }
  void operator()(const Failed& event) {
    if (!is_wanted_) return;
    to_.on_error(event.message);
    // What is told behind the end concerns keys.
    all_read_ = all_read_ && has_ended_;
  }
  void operator()(const Ended& event) {
    has_ended_ = true;
    if (to_.on_end) to_.on_end(event.name, event.summary, all_read_ ? std::string() : event.error);
  }

  [[nodiscard]] bool is_wanted() const { return is_wanted_; }
  // No error was told.
  [[nodiscard]] bool all_read() const { return all_read_; }

 private:
  const CaptureListener& to_;
  bool is_wanted_ = true;
  bool all_read_ = true;
  bool has_ended_ = false;
};

// What one capture tells, on its way from the thread that reads it to the one that listens.
class Lane {
 public:
  // The reader's side.
  [[nodiscard]] CaptureListener Listener() {
    CaptureListener listener;
    listener.on_start = [this](const std::string& path) { Put(Started{path}, path.size()); };
    listener.on_call = [this](Call& call, const std::string& capture) {
      const std::size_t bytes = call.held_bytes();
      Put(Told{std::make_unique<Call>(std::move(call)), capture}, bytes);
      return is_wanted_;
    };
    listener.on_progress = [this] {
      HandOver();
      return is_wanted_;
    };
    listener.on_error = [this](const std::string& message) { Put(Failed{message}, message.size()); };
    listener.on_end = [this](const std::string& name, const Summary& summary, const std::string& error) {
      Put(Ended{name, summary, error}, name.size() + error.size());
    };
    return listener;
  }
  void End(CaptureOutcome outcome, std::exception_ptr failure) {
    try {
      HandOver();
    } catch (const std::exception&) {
      if (!failure) failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(outcome);
    failure_ = std::move(failure);
    ended_ = true;
    changed_.notify_all();
  }

  // The listener's side. Takes what waits, once there is something; nothing at the end.
  [[nodiscard]] std::vector<Event> Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
    waiting_bytes_ = 0;
    changed_.notify_all();
    return std::exchange(waiting_, {});
  }
  // After the end.
  [[nodiscard]] CaptureOutcome& outcome() {
    if (failure_) std::rethrow_exception(failure_);
    return outcome_;
  }
  // Nobody listens any more: the reader goes no further than it must.
  void Abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    changed_.notify_all();
  }

 private:
  void Put(Event event, std::size_t bytes) {
    batch_.push_back(std::move(event));
    batch_bytes_ += bytes + sizeof(Event);
    if (batch_bytes_ >= kBatch) HandOver();
  }
  void HandOver() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_bytes_ < kMostWaiting || abandoned_; });
    if (!abandoned_) {
      waiting_.insert(waiting_.end(), std::make_move_iterator(batch_.begin()), std::make_move_iterator(batch_.end()));
      waiting_bytes_ += batch_bytes_;
    }
    is_wanted_ = !abandoned_;
    batch_.clear();
    batch_bytes_ = 0;
    changed_.notify_all();
  }

  // The reader's own.
  std::vector<Event> batch_;
  std::size_t batch_bytes_ = 0;
  bool is_wanted_ = true;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool ended_ = false;
  bool abandoned_ = false;
  CaptureOutcome outcome_;
  std::exception_ptr failure_;
};

// The threads that read, each one capture after another.
class Readers {
 public:
  Readers(std::size_t count, std::size_t threads, const ReadOne& read)
      : read_(read), ahead_(kAhead * threads), lanes_(count) {
    threads_.reserve(threads);
    while (threads_.size() < threads && Start()) {
    }
  }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;
  ~Readers() {
    {
      const std::lock_guard lock(mutex_);
      next_ = lanes_.size();
      changed_.notify_all();
    }
    for (Lane& lane : lanes_) lane.Abandon();
    for (std::thread& thread : threads_) thread.join();
  }

  [[nodiscard]] bool empty() const { return threads_.empty(); }
  [[nodiscard]] Lane& lane(std::size_t index) { return lanes_[index]; }
  // All that the first `count` captures told was heard.
  void Heard(std::size_t count) {
    const std::lock_guard lock(mutex_);
    heard_ = count;
    changed_.notify_all();
  }

 private:
  // False where the system has no more threads; those that it has will do.
  bool Start() {
    try {
      threads_.emplace_back([this] { Run(); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }
  void Run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return next_ == lanes_.size() || next_ < heard_ + ahead_; });
      if (next_ == lanes_.size()) return;
      const std::size_t index = next_++;
      lock.unlock();
      Read(index);
    }
  }
  void Read(std::size_t index) {
    Lane& lane = lanes_[index];
    CaptureOutcome outcome;
    std::exception_ptr failure;
    try {
      outcome = read_(index, lane.Listener());
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
    lane.End(std::move(outcome), std::move(failure));
  }

  const ReadOne& read_;
  const std::size_t ahead_;
  std::vector<Lane> lanes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;   // the capture that is begun next
  std::size_t heard_ = 0;  // captures that are done with
  std::vector<std::thread> threads_;
};

}  // namespace

std::optional<CaptureOutcome> ReadSideBySide(std::size_t count, unsigned jobs, const ReadOne& read,
                                             const CaptureListener& listener) {
  Readers readers(count, std::min<std::size_t>(jobs, count), read);
  if (readers.empty()) return std::nullopt;
  CaptureOutcome outcome;
  for (std::size_t i = 0; i < count && outcome.is_wanted; ++i) {
    Lane& lane = readers.lane(i);
    Teller teller(listener);
    for (std::vector<Event> events = lane.Take(); !events.empty(); events = lane.Take()) {
      for (const Event& event : events) std::visit(teller, event);
      if (!teller.is_wanted()) lane.Abandon();
    }
    CaptureOutcome& told = lane.outcome();
    told.all_read = teller.all_read();
    told.is_wanted = teller.is_wanted();
    outcome += told;
    readers.Heard(i + 1);
  }
  return outcome;
}

}  // namespace sessenum::tool
