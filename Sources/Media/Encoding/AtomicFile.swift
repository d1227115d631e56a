internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file written under a temporary name beside its place, and moved there only when whole.
///
/// A reader therefore sees either the old file or the new one. A writer that is dropped without `finish()`
/// leaves nothing behind.
@safe package final class AtomicFile {
    /// Where the file goes.
    package let path: String
    private let temporaryPath: String
    /// The open stream; nil once finished or cancelled.
    private var stream: UnsafeMutablePointer<FILE>?

    /// Opens a temporary file in the folder of `path`.
    /// - Throws: `MediaError.unwritable` if the folder does not exist or may not be written.
    package init(path: String) throws(MediaError) {
        self.path = path
        temporaryPath = Self.temporaryPath(for: path)
        unsafe stream = fopen(temporaryPath, "wb")
        if unsafe stream == nil { throw Self.failure(path, "could not be opened for writing") }
    }

    deinit { cancel() }

    /// Appends the bytes of `values`, in the machine's own order.
    package func write<Value: BitwiseCopyable>(_ values: [Value]) throws(MediaError) {
        guard let stream = unsafe stream else { return }
        let isWhole = unsafe values.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe fwrite(start, 1, bytes.count, stream) == bytes.count
        }
        guard isWhole else { throw Self.failure(path, "could not be written") }
    }

    /// Writes `values` over the first bytes of what was written; more may be appended afterwards.
    package func rewriteStart<Value: BitwiseCopyable>(_ values: [Value]) throws(MediaError) {
        guard let stream = unsafe stream else { return }
        guard unsafe fseek(stream, 0, SEEK_SET) == 0 else { throw Self.failure(path, "could not be written") }
        try write(values)
        guard unsafe fseek(stream, 0, SEEK_END) == 0 else { throw Self.failure(path, "could not be written") }
    }

    /// Makes the bytes durable and gives the file its name.
    package func finish() throws(MediaError) {
        guard let open = unsafe stream else { return }
        unsafe stream = nil
        var sound = unsafe fflush(open) == 0
        sound = unsafe fsync(fileno(open)) == 0 && sound
        sound = unsafe fclose(open) == 0 && sound
        guard sound, unsafe rename(temporaryPath, path) == 0 else {
            let error = Self.failure(path, "could not be written")
            _ = unsafe remove(temporaryPath)
            throw error
        }
    }

    /// Closes and removes the temporary file; nothing if already finished.
    package func cancel() {
        guard let open = unsafe stream else { return }
        unsafe stream = nil
        _ = unsafe fclose(open)
        _ = unsafe remove(temporaryPath)
    }

    /// A name in the same folder that no other writer of this or another process uses.
    static func temporaryPath(for path: String) -> String {
        let number = counter.withLock { value in
            value += 1
            return value
        }
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        return "\(path[..<cut]).\(path[cut...]).\(getpid())-\(number).partial"
    }

    /// Makes a file that something else has written durable, and moves it to its name.
    static func commit(_ temporaryPath: String, to path: String) throws(MediaError) {
        if let stream = unsafe fopen(temporaryPath, "rb+") {
            _ = unsafe fsync(fileno(stream))
            _ = unsafe fclose(stream)
        }
        guard unsafe rename(temporaryPath, path) == 0 else {
            let error = failure(path, "could not be put in place")
            _ = unsafe remove(temporaryPath)
            throw error
        }
    }

    /// Removes a file that something else has begun.
    static func discard(_ temporaryPath: String) { _ = unsafe remove(temporaryPath) }

    private static let counter = Mutex(0)

    private static func failure(_ path: String, _ message: String) -> MediaError {
        MediaError(
            .unwritable, path: path, message,
            remedy: "Check that the folder exists, that you may write to it, and that the disk is not full.",
            cause: unsafe String(cString: strerror(errno)))
    }
}
