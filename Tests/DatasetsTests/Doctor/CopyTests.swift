import Datasets
import Foundation
import Media
import Testing

@Suite struct CopyTests {
    @Test func exactCopies() throws {
        let folder = try DatasetFolder()
        let original = try folder.encode("grow/a.mp4", Made.motion("grow", 0))
        try folder.encode("grow/b.mp4", Made.motion("grow", 1))
        // The encoder gives the same frames in another container.
        try folder.encode("grow/c.mov", Made.motion("grow", 0))
        try folder.motion("shrink", count: 2)
        try FileManager.default.copyItem(atPath: original, toPath: folder.path + "/shrink/copy.mp4")
        let diagnosis = diagnose(try Manifest(path: folder.path))
        #expect(diagnosis.pairs(.copyAcrossClasses) == [["grow/a.mp4", "shrink/copy.mp4"]])
        #expect(diagnosis.pairs(.copy) == [["grow/a.mp4", "grow/c.mov"]])
        let details = Set(diagnosis.problems.flatMap(\.pairs).map(\.detail))
        #expect(details == ["the same file twice", "the same frames in another file"])
        // Of exact copies with one label the first is kept; what has two labels is for a person to decide.
        let proposal = try Proposal(of: diagnosis, by: .clip, shares: .init(validation: 0.2, test: 0))
        #expect(proposal.copies.map { diagnosis.manifest.items[$0].path } == [folder.path + "/grow/c.mov"])
        let groups = Dictionary(grouping: proposal.manifest.items.filter { $0.group != nil }) { $0.group }
        #expect(groups.values.map { Set($0.map(\.path)) } == [[original, folder.path + "/shrink/copy.mp4"]])
        #expect(Set(groups.values.first?.map(\.part) ?? []).count == 1)
    }

    /// A copy under another label hides none under the same.
    @Test func exactCopiesUnderSeveralLabels() throws {
        let folder = try DatasetFolder()
        for name in ["a/0.mp4", "b/0.mp4", "b/1.mp4"] { try folder.encode(name, Made.motion("grow", 0)) }
        try folder.motion("shrink", count: 6)
        let diagnosis = diagnose(try Manifest(path: folder.path))
        #expect(diagnosis.pairs(.copyAcrossClasses) == [["a/0.mp4", "b/0.mp4"]])
        #expect(diagnosis.pairs(.copy) == [["b/0.mp4", "b/1.mp4"]])
        let proposal = try Proposal(of: diagnosis, by: .clip, shares: .init(validation: 0.2, test: 0))
        #expect(proposal.copies.map { diagnosis.manifest.items[$0].path } == [folder.path + "/b/1.mp4"])
    }

    /// Re-encoded smaller and worse, as WebM, brighter, mirrored, cut: all are found; hardly any two different clips are.
    @Test func nearCopies() throws {
        let folder = try DatasetFolder()
        for clip in 0..<8 {
            try folder.encode("one/\(clip).mp4", Made.motion("move-left", clip, frames: 24, size: 96))
            try folder.encode("two/\(clip).mp4", Made.motion("turn-clockwise", clip, frames: 24, size: 96))
        }
        let source = try Made.motion("move-left", 3, frames: 24, size: 96)
        let path = folder.path + "/one/3.mp4"
        try folder.encode("one/small.mp4", Made.resized(path, width: 64, height: 48), quality: 0.2)
        try folder.encode("one/web.webm", source, quality: 0.3)
        try folder.encode("one/bright.mp4", Made.changed(source) { UInt8(Double($0) * 0.7 + 60) })
        try folder.encode("one/mirrored.mp4", Made.mirrored(source))
        try folder.encode("one/cut.mp4", Made.cut(source, first: 6))
        let diagnosis = diagnose(try Manifest(path: folder.path))
        let family = ["3.mp4", "small.mp4", "web.webm", "bright.mp4", "mirrored.mp4", "cut.mp4"].map { "one/" + $0 }
        let pairs = Set(family.indices.flatMap { a in (0..<a).map { Set([family[a], family[$0]]) } })
        // Of 205 pairs of different clips of the same motion, hardly any may be taken for copies.
        #expect(diagnosis.pairs(.copy).isSuperset(of: pairs) && diagnosis.pairs(.copy).count <= pairs.count + 1)
        #expect(diagnosis.pairs(.copyAcrossClasses).isEmpty)
        let turned = diagnosis.problems.flatMap(\.pairs).filter { $0.detail.contains("mirrored") }
        #expect(turned.count == 5)
        #expect(diagnosis.problems.flatMap(\.pairs).allSatisfy { !$0.isExact })
    }

    /// One camera, one room, another walk each time: the same scene and no copies.
    @Test func oneCameraIsNoCopy() throws {
        let folder = try DatasetFolder()
        for walk in 0..<6 { try folder.encode("\(walk < 3 ? "a" : "b")/\(walk).mp4", Made.camera(walk: walk)) }
        try folder.encode("b/again.mp4", Made.camera(walk: 5), quality: 0.3)
        let diagnosis = diagnose(try Manifest(path: folder.path))
        #expect(diagnosis.pairs(.copyAcrossClasses).isEmpty)
        #expect(diagnosis.pairs(.copy) == [["b/5.mp4", "b/again.mp4"]])
        let scenes = diagnosis.close.examined.filter { $0.scene >= 0.9 }
        #expect(scenes.count >= 10)
    }

    /// The same walk before other walls: of no copy but the same to signatures, and told apart by a second look.
    @Test func motionAlikeIsNoCopy() throws {
        let folder = try DatasetFolder()
        for wall in 0..<5 { try folder.encode("a/\(wall).mp4", Made.camera(walk: 3, wall: wall)) }
        let source = Made.camera(walk: 3, wall: 2)
        try folder.encode("b/again.mp4", source, quality: 0.3)
        try folder.encode("b/mirrored.webm", Made.mirrored(source), quality: 0.3)
        try folder.encode("b/late.mp4", Made.cut(source, first: 4))
        let manifest = try Manifest(path: folder.path)
        let clips = Examiner(manifest).examine()
        let signatures = CloseClips(SignatureSimilarity(clips.map { $0.facts?.signature }))
        #expect(signatures.duplicates.count > 20)
        var looks: [Int] = []
        let diagnosis = Diagnosis(manifest, clips) { done, total in looks += [done, total] }
        #expect(
            diagnosis.pairs(.copyAcrossClasses)
                == [["a/2.mp4", "b/again.mp4"], ["a/2.mp4", "b/mirrored.webm"], ["a/2.mp4", "b/late.mp4"]])
        #expect(
            diagnosis.pairs(.copy) == [
                ["b/again.mp4", "b/mirrored.webm"], ["b/again.mp4", "b/late.mp4"], ["b/mirrored.webm", "b/late.mp4"],
            ])
        #expect(looks.count == 2 && looks.first == looks.last)
        // A clip that is gone by then stays as it was judged.
        try FileManager.default.removeItem(atPath: folder.path + "/a/0.mp4")
        let again = Diagnosis(manifest, clips)
        #expect(again.pairs(.copy).isSuperset(of: [["a/0.mp4", "a/1.mp4"]]))
    }

    @Test func copiesAcrossTheSplit() throws {
        let folder = try DatasetFolder()
        for clip in 0..<6 { try folder.encode("\(clip).mp4", Made.motion("grow", clip, frames: 24)) }
        try folder.encode("again.mp4", Made.motion("grow", 2, frames: 24), quality: 0.3)
        let rows = (0..<6).map { "\($0).mp4,\($0 % 2 == 0 ? "x" : "y"),train" } + ["again.mp4,x,test"]
        let list = try folder.write("clips.csv", "path,label,split\n" + rows.joined(separator: "\n") + "\n")
        let diagnosis = diagnose(try Manifest(path: list))
        #expect(diagnosis.problems.first?.kind == .copyAcrossSplit)
        #expect(diagnosis.problems.first?.severity == .error)
        #expect(diagnosis.problems.first?.pairs.count == 1)
        let proposal = try Proposal(of: diagnosis, shares: .init(validation: 0.3, test: 0))
        let parts = proposal.manifest.items.filter { $0.path.hasSuffix("/2.mp4") || $0.path.hasSuffix("again.mp4") }
        #expect(parts.count == 2 && Set(parts.map(\.part)).count == 1 && Set(parts.map(\.group)).count == 1)
        #expect(proposal.splitReason.contains("1 group on both sides"))
    }
}

@Suite struct NearDuplicateDataTests {
    /// The family is the name before the first `-` or `_`.
    @Test(.enabled(if: sharedData != nil)) func familiesOfRealClips() throws {
        let folder = try #require(sharedData) + "/near-duplicates"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mp4") }.sorted()
        let families = names.map { $0.prefix { $0 != "-" && $0 != "_" } }
        let manifest = Manifest(
            source: folder, classes: ["all"], items: names.map { Manifest.Item(path: folder + "/" + $0, labels: [0]) })
        let pairs = Copies(manifest, Examiner(manifest).examine(), diagnose(manifest).close).pairs
        let right = pairs.count { families[$0.match.first] == families[$0.match.second] }
        let all = names.indices.flatMap { a in (0..<a).filter { families[$0] == families[a] } }.count
        // Precision and recall as docs/prepare.md gives them.
        #expect(right == pairs.count, "\(pairs.count - right) of \(pairs.count) pairs are of different families")
        #expect(Double(right) >= 0.5 * Double(all), "\(right) of \(all)")
    }
}
