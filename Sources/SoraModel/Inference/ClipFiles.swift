import Media

/// Reads the clips of files as a model sees them, the next ones while the caller works on this one.
public struct ClipFiles: Sendable {
    private let format: ClipFormat

    /// - Parameter format: frames and size of a clip.
    public init(_ format: ClipFormat) { self.format = format }

    /// Calls `body` with the bytes of each file's clip, `[frame, height, width, 3]`, in order; with a `MediaError` for a
    /// file that cannot be used. `DecodingThreads` says how many are decoded meanwhile.
    /// - Throws: what `body` throws.
    public func read(_ paths: [String], body: (_ path: String, _ clip: Result<[UInt8], any Error>) throws -> Void)
        throws
    {
        let request = format.specification.evaluationRequest(start: nil, end: nil)
        let threads = DecodingThreads(for: paths.count)
        let clips = Prefetch(count: paths.count, threads: threads.files, ahead: threads.ahead) { [format] index in
            Result {
                let frames = try VideoReader(path: paths[index], threads: threads.perFile).read(request)
                guard frames.count > 0 else {
                    throw MediaError(
                        .damaged, path: paths[index], "no frame could be decoded",
                        remedy: "Play the file to see whether it is damaged.")
                }
                return frames.fitted(count: format.frames)
            }
        }
        for path in paths {
            guard let clip = clips.next() else { break }
            try body(path, clip)
        }
    }
}
