import Datasets
import Foundation
import Media
import Testing

@Suite("FormulaClips")
struct FormulaClipsTests {
    @Test func clipsRepeatAndDiffer() throws {
        let clips = try (0..<6).map { try FormulaClips.render(clip: $0, frames: 5, size: 24, seed: 3) }
        #expect(clips.allSatisfy { $0.count == 5 && $0.bytes.count == 5 * 24 * 24 * 3 && $0.width == 24 })
        #expect(try FormulaClips.render(clip: 4, frames: 5, size: 24, seed: 3).bytes == clips[4].bytes)
        #expect(Set(clips.map(\.bytes)).count == 6)
        #expect(try FormulaClips.render(clip: 0, frames: 5, size: 24, seed: 4).bytes != clips[0].bytes)
    }

    /// Nearly all of them move, and are more than a plain surface.
    @Test func clipsMoveAndHavePatterns() throws {
        var (moving, patterned) = (0, 0)
        for clip in 0..<40 {
            let frames = try FormulaClips.render(clip: clip, frames: 8, size: 32, seed: 1)
            let (first, last) = (frames.bytes[frames.byteRange(of: 0)], frames.bytes[frames.byteRange(of: 7)])
            let change = zip(first, last).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } / first.count
            if change >= 3 { moving += 1 }
            if Set(first).count > 20 { patterned += 1 }
        }
        #expect(moving >= 34 && patterned >= 34, "\(moving) move, \(patterned) have patterns")
    }

    @Test func filesAreClipsWithoutLabels() throws {
        let folder = try DatasetFolder()
        var done: [Int] = []
        try FormulaClips.write(to: folder.path + "/f", count: 3, frames: 6, size: 32, seed: 9) { done.append($0) }
        #expect(done == [3])
        let manifest = try Manifest(unlabelled: folder.path)
        #expect(manifest.items.map(\.path) == (0..<3).map { "\(folder.path)/f/0000\($0).mp4" })
        #expect(manifest.items.allSatisfy { $0.labels.isEmpty } && manifest.classes.isEmpty)
        let labelled = try Manifest(path: folder.path + "/f/clips.csv", classes: FormulaClips.labels)
        #expect(labelled.items.map(\.path) == manifest.items.map(\.path) && !labelled.isMultiLabel)
        #expect(try VideoReader(path: manifest.items[1].path).read(FrameRequest(sampling: .all)).count == 6)
    }

    /// Each clip has one, and all of them occur.
    @Test func labelsAreWhatMoves() throws {
        let folder = try DatasetFolder()
        try FormulaClips.write(to: folder.path, count: 300, frames: 2, size: 16, seed: 2)
        let manifest = try Manifest(path: folder.path + "/clips.csv", classes: FormulaClips.labels)
        #expect(manifest.items.allSatisfy { $0.labels.count == 1 })
        let counts = manifest.items.reduce(into: [Int](repeating: 0, count: 22)) { $0[$1.labels[0]] += 1 }
        #expect(FormulaClips.labels.count == 22 && counts.allSatisfy { $0 >= 3 }, "\(counts)")
        #expect(counts[..<11].reduce(0, +) > counts[11...].reduce(0, +))
    }

    /// Some show a lone thing, which then is what moves; the others are as they would be without.
    @Test func someShowALoneThing() throws {
        let folder = try DatasetFolder()
        try FormulaClips.write(to: folder.path, count: 60, frames: 2, size: 16, seed: 2, lone: 1)
        let manifest = try Manifest(path: folder.path + "/clips.csv", classes: FormulaClips.labels)
        #expect(manifest.items.allSatisfy { $0.labels[0] < 11 } && Set(manifest.items.map { $0.labels[0] }).count > 8)
        let (none, half) = try (
            (0..<20).map { try FormulaClips.render(clip: $0, frames: 3, size: 24, seed: 5).bytes },
            (0..<20).map { try FormulaClips.render(clip: $0, frames: 3, size: 24, seed: 5, lone: 0.5).bytes }
        )
        #expect((4...16).contains(zip(none, half).count { $0 == $1 }))
    }

    @Test func nonsenseIsRefused() {
        #expect(throws: DatasetError.self) { try FormulaClips.render(clip: 0, frames: 0, seed: 0) }
        #expect(throws: DatasetError.self) { try FormulaClips.render(clip: -1, seed: 0) }
        #expect(throws: DatasetError.self) { try FormulaClips.render(clip: 0, size: 8, seed: 0) }
        #expect(throws: DatasetError.self) { try FormulaClips.write(to: "/proc/none", count: 2, seed: 0) }
        #expect(throws: DatasetError.self) { try FormulaClips.write(to: "/tmp", count: 0, seed: 0) }
        #expect(throws: DatasetError.self) { try FormulaClips.write(to: "/tmp", count: 1, seed: 0, lone: 1.5) }
    }
}
