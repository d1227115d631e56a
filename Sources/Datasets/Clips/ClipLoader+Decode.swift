internal import Media

extension ClipLoader {
    /// Decodes what the cache keeps: for evaluation just what a batch holds. For training with temporal jitter up to
    /// three times the frames, so that there are three phases to choose from, of which the middle one is what a request
    /// without jitter gives; and with random crops as much of the picture as they reach, in the middle of the picture.
    func decode(_ item: Manifest.Item, _ mode: Mode) throws -> (clip: StoredClip, damaged: Int) {
        let isTraining = mode == .training
        let wanted = specification.frames * (isTraining && augmentation.movesTime ? 3 : 1)
        let kept =
            isTraining && augmentation.movesCrop
            ? specification.reach : MediaInfo.Size(width: specification.width, height: specification.height)
        // Clips are decoded side by side: more threads in each would only get in one another's way.
        let reader = try VideoReader(path: item.path, threads: 1)
        let frames = try reader.read(
            FrameRequest(
                sampling: .uniform(wanted), resize: specification.resize(reader.info.displaySize),
                crop: .center(width: kept.width, height: kept.height), damage: .hold, start: item.start,
                end: item.end, origin: .firstFrame))
        guard frames.count > 0, frames.bytes.count == frames.count * frames.height * frames.width * 3 else {
            throw DatasetError(
                .undecodable, path: item.path, "no frame could be decoded",
                remedy: "Check the file, and the start and end given for it.")
        }
        // A video of fewer frames gives some of them several times: each is kept once.
        let distinct = (0..<frames.count).filter { index in
            guard index > 0, frames.indices[index] == frames.indices[index - 1] else { return true }
            return frames.times[index] != frames.times[index - 1]
        }
        // Copied into an array of just their size: one that grew may hold twice that, which no budget would count.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(distinct.count * frames.height * frames.width * 3)
        for index in distinct { bytes += frames.bytes[frames.byteRange(of: index)] }
        let clip = StoredClip(frames: distinct.count, height: frames.height, width: frames.width, bytes: bytes)
        return (clip, frames.damagedCount)
    }
}
