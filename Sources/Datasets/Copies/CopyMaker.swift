internal import Foundation
internal import Media

/// Makes edited copies of videos, to measure how well copies are found.
public enum CopyMaker {
    /// A copy, and what it was made of.
    public struct Copy: Sendable, Codable {
        /// The copy's file.
        public var path: String
        /// The file it was made of.
        public var source: String
        /// What was done to it.
        public var edit: CopyEdit
        /// 1...3.
        public var strength: Int
        /// The part of the source that it shows, in seconds from its first frame.
        public var start: Double
        /// Where that part ends.
        public var end: Double
        /// Seconds of the source in a second of the copy.
        public var speed: Double
    }

    /// Makes a copy of a video, of at most a minute of it and 480 lines.
    ///
    /// The same arguments give the same frames. Memory does not grow with the video; takes about as long as playing it
    /// through a filter of FFmpeg would.
    /// - Parameter output: an .mp4 file.
    /// - Throws: `MediaError` if the source cannot be decoded or the copy cannot be written.
    public static func make(_ edit: CopyEdit, strength: Int, of path: String, to output: String, seed: UInt64) throws
        -> Copy
    {
        let reader = try VideoReader(path: path)
        let kind = UInt64(CopyEdit.allCases.firstIndex(of: edit) ?? 0)
        var random = SeededRandom(seed: seed, kind, UInt64(strength))
        let whole = min(60, reader.info.duration?.seconds ?? 60)
        let length = edit == .cut ? whole * CopyEdit.by(strength, 0.7, 0.45, 0.25) : whole
        let start = random.uniform() * (whole - length)
        let change = edit == .sped ? CopyEdit.by(strength, 1.2, 1.5, 2) : 1
        let speed = random.uniform() < 0.5 ? change : 1 / change
        let lines = min(480, reader.info.displaySize.height, reader.info.displaySize.width)
        let small = edit == .resized ? max(32, Int(Double(lines) * CopyEdit.by(strength, 0.6, 0.4, 0.25))) : lines
        let request = FrameRequest(
            sampling: .all,
            resize: small < min(reader.info.displaySize.height, reader.info.displaySize.width)
                ? .shortSide(small) : .none,
            start: MediaTime(seconds: start), end: MediaTime(seconds: start + length), origin: .firstFrame)
        let quality = edit == .compressed ? CopyEdit.by(strength, 0.25, 0.12, 0.03) : 0.55
        var writing: (picture: CopyPicture, encoder: VideoEncoder)?
        var (first, last) = (0.0, 0.0)
        try reader.forEachFrame(request) { frame in
            if writing == nil {
                let picture = CopyPicture(
                    edit, strength: strength, height: frame.height, width: frame.width, &random)
                let encoder = try VideoEncoder(
                    path: output, width: picture.size.width, height: picture.size.height,
                    options: .init(quality: quality, timescale: 90_000))
                writing = (picture, encoder)
                first = frame.time.seconds
            }
            last = frame.time.seconds - first
            let changed = writing?.picture.apply(to: frame.bytes) ?? []
            try writing?.encoder.append(
                changed, at: MediaTime(value: Int64((last / speed * 90_000).rounded()), timescale: 90_000))
            return true
        }
        guard let writing else {
            throw MediaError(
                .damaged, path: path, "it has no frame to copy", remedy: "Leave it out of the collection.")
        }
        try writing.encoder.finish()
        return Copy(
            path: output, source: path, edit: edit, strength: strength, start: start,
            end: start + last + 1 / max(reader.info.averageRate.value, 1), speed: speed)
    }
}
