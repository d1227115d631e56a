internal import CFFmpeg

/// How the packets of a file ended: at its end as the container describes it, or before.
struct Ending {
    /// Times of the packets that the container's index promises beyond the end of the file.
    var missing: [Int64] = []
    /// Packets that are not there beside those: one where reading stopped short and nobody knows how many.
    var untimed = 0
    /// Time of the last packet that is there.
    var latest: Int64?
    /// The library's words for why reading stopped short.
    var cause: String?

    /// Packets of a part of the video that are not there.
    func missingCount(in request: FrameRequest, base: AVRational) -> Int {
        let reached = latest.flatMap { MediaTime($0, base: base) }
        let isBefore = request.end.map { end in reached.map { end <= $0 } ?? false } ?? false
        return missing.count { request.contains($0, base: base) } + (isBefore ? 0 : untimed)
    }
}

extension Demuxer {
    /// Judges the end of reading a stream.
    ///
    /// - Parameters:
    ///   - status: what the last read returned.
    ///   - isCut: whether the last packet was shorter than it should be.
    ///   - latest: the latest time of the packets read.
    ///   - packets: shown packets read from the start to here; nil where the reading began elsewhere.
    /// - Cost: a look at every entry of the index.
    func ending(_ index: Int, status: Int32, isCut: Bool, latest: Int64?, packets: Int?) -> Ending {
        var ending = Ending(latest: latest)
        guard let stream = unsafe self.stream(index) else { return ending }
        let size = fileSize
        for entry in 0..<(unsafe avformat_index_get_entries_count(stream)) {
            guard let entry = unsafe avformat_index_get_entry(stream, entry) else { continue }
            let isShown = unsafe sora_entry_flags(entry) & AVINDEX_DISCARD_FRAME == 0
            guard size > 0, isShown, unsafe entry.pointee.pos >= size, unsafe sora_entry_size(entry) > 0 else {
                continue
            }
            unsafe ending.missing.append(entry.pointee.timestamp)
        }
        let failure = [status, fileStatus].first { $0 < 0 && $0 != sora_error_end() && $0 != sora_error_again() }
        guard ending.missing.isEmpty else { return ending }
        if containerName.hasPrefix("matroska"), let stated = MatroskaSize.stated(path: path), stated > size {
            ending.untimed = 1
            ending.cause = "the file has \(size) of \(stated) bytes"
            return ending
        }
        if ClosingMark.isMissing(path: path, container: containerName) {
            ending.untimed = 1
            ending.cause = "the mark that closes the file is missing"
            return ending
        }
        guard isCut || failure != nil else { return ending }
        // A count in the header is only trusted where it is plain that something is missing.
        let promised = unsafe Int(clamping: stream.pointee.nb_frames)
        ending.untimed = max(1, packets.map { min(promised - $0, 1 << 32) } ?? 1)
        ending.cause = failure.map { describe(status: $0) }
        return ending
    }
}
