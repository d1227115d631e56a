#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Writes files that are either whole or not there: to a temporary name beside the target, synced, then renamed.
package enum AtomicFile {
    /// Writes what `body` hands to its argument, piece by piece, and puts it at `path` when all is on the disk.
    ///
    /// A file that was there before is replaced in one step, and stays as it was if anything fails.
    /// - Throws: `NeuralError.file`, or what `body` throws.
    package static func write(
        to path: String, _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        guard !path.utf8.contains(0) else { throw NeuralError(.file, "a file's path holds a zero byte") }
        // Renaming over a device or a pipe would replace the device itself.
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw NeuralError(.file, "cannot write \(path): it is there and is not a regular file; choose another name")
        }
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw NeuralError(.file, "cannot create \(path)", cause: systemError())
        }
        var isOpen = true
        do {
            try unsafe body { piece in try unsafe writeAll(piece, to: descriptor, path) }
            guard fsync(descriptor) == 0 else { throw failure(path) }
            isOpen = false
            guard close(descriptor) == 0, unsafe rename(temporary, path) == 0 else { throw failure(path) }
        } catch {
            if isOpen { close(descriptor) }
            unsafe unlink(temporary)
            throw error
        }
        syncDirectory(of: path)
    }

    /// Writes `text` in UTF-8.
    package static func write(_ text: String, to path: String) throws {
        var text = text
        try unsafe write(to: path) { piece in
            try text.withUTF8 { try unsafe piece(UnsafeRawBufferPointer($0)) }
        }
    }

    private static func writeAll(_ piece: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < piece.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: piece[done...])
            let step = unsafe systemWrite(descriptor, rest)
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else { throw failure(path) }
            done += step
        }
    }

    /// Makes the new name itself last through a power cut. Some file systems cannot; the file is whole either way.
    private static func syncDirectory(of path: String) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(parent, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ path: String) -> NeuralError {
        NeuralError(.file, "cannot write \(path)", cause: systemError())
    }
}

/// The system's `write`, which the member of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}
