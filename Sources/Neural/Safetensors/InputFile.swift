#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A file open for reading at any offset, or bytes in memory that pass for one.
///
/// Read rather than mapped: a mapped file that somebody shortens kills the process.
final class InputFile {
    /// What errors call it.
    let name: String
    /// Bytes it has.
    let count: Int
    private let descriptor: Int32
    private let bytes: [UInt8]

    /// Opens a file.
    /// - Throws: `NeuralError.file` if it is not a regular file that may be read.
    init(_ path: String) throws {
        guard !path.utf8.contains(0) else { throw NeuralError(.file, "a file's path holds a zero byte") }
        name = path
        bytes = []
        // Non-blocking, or opening a pipe would wait for its writer.
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            count = 0
            throw NeuralError(.file, "cannot open \(path)", cause: systemError())
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            count = 0
            throw NeuralError(.file, "\(path) is not a regular file")
        }
        count = Int(status.st_size)
    }

    init(bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        count = bytes.count
        descriptor = -1
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// `count` numbers, in the machine's byte order (little-endian on all that Swift supports), from byte `offset` on.
    /// - Throws: `NeuralError.file` if they cannot be read, or are more than the machine's memory holds.
    func read<T: BitwiseCopyable>(_ count: Int, of type: T.Type, at offset: Int) throws -> [T] {
        // An array that cannot be allocated ends the process. A sparse file of any size costs nothing to make.
        let (byteCount, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
        try PhysicalMemory.require(overflows ? .max : byteCount, .file, "reading \(name)")
        return try unsafe [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            let target = unsafe UnsafeMutableRawBufferPointer(
                start: buffer.baseAddress, count: count * MemoryLayout<T>.stride)
            try unsafe read(into: target, at: offset)
            initialized = count
        }
    }

    private func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard target.count > 0 else { return }
        if descriptor < 0 {
            guard offset >= 0, offset <= bytes.count - target.count else { throw ended() }
            unsafe target.copyBytes(from: bytes[offset..<offset + target.count])
            return
        }
        var done = 0
        while done < target.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...])
            let step = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if step < 0 && errno == EINTR { continue }
            guard step >= 0 else { throw NeuralError(.file, "cannot read \(name)", cause: systemError()) }
            guard step > 0 else { throw ended() }
            done += step
        }
    }

    private func ended() -> NeuralError {
        NeuralError(.file, "\(name) ended while it was read: is somebody writing it?")
    }
}

/// What the system says of the last call that failed.
func systemError() -> String {
    let code = errno
    return unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
