internal import Foundation

/// How many files are decoded side by side while the network runs, and with how many threads each.
///
/// The network takes all processors whenever it has frames, and decoding fills in around it. Files decoded side by side,
/// a thread each, never wait for one another, as threads within a file do; so with many files the number of files
/// goes up first. A single file gets the threads.
///
/// | processors | one file | many files |
/// |---|---|---|
/// | 2 | 2 threads | 2 files, 1 thread each |
/// | 8 | 8 threads | 8 files, 1 thread each |
/// | 64 | 8 threads | 16 files, 2 threads each |
public struct DecodingThreads: Sendable, Hashable {
    /// Files that are decoded at a time.
    public var files: Int
    /// Threads of each decoder.
    public var perFile: Int

    /// Clips that may be decoded or in decoding before the network takes them: bounds memory.
    public var ahead: Int { files + 1 }

    /// What suits `count` files on a machine with so many processors; this one's where nil.
    public init(for count: Int, processors: Int? = nil) {
        let processors = max(1, processors ?? ProcessInfo.processInfo.activeProcessorCount)
        files = max(1, min(count, processors, 16))
        // Past 8 threads a decoder gains little, and each holds frames of its own.
        let share = files == 1 ? processors : processors / (2 * files)
        perFile = max(1, min(share, 8))
    }
}
