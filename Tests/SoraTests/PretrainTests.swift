import Foundation
import Testing

/// Training without labels, and what training shows before it begins, from the command line.
@Suite struct PretrainTests {
    @Test func pretrainedWeightsStartAModel() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let start = folder + "/start.safetensors"
        let outcome = try sora(
            ["pretrain", "--data", workspace.clips, "--out", start, "--epochs", "1", "--queue", "8"] + Workspace.quick)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("forward, slow, backward, slow-backward"))
        #expect(try sora("info", start).output.contains("slow-backward"))
        let trained = try sora(
            ["train", "--data", workspace.clips, "--out", folder + "/m.safetensors", "--epochs", "1"]
                + ["--weights", start] + Workspace.quick)
        #expect(trained.status == 0 && trained.errors.contains("\(start): "), "\(trained.errors)")
        // Where no preset is named the network is the earlier model's, so that all of it fits.
        let again = try sora(
            "train", "--data", workspace.clips, "--out", folder + "/n.safetensors", "--epochs", "1", "--batch", "4",
            "--weights", start)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try sora("info", folder + "/n.safetensors").output.contains("4 frames of 32x32 pixels"))
    }

    @Test func drawnClipsAreTrainedOn() throws {
        let folder = try Workspace.shared.newFolder()
        let out = folder + "/start.safetensors"
        let outcome = try sora(["pretrain", "--formula", "6", "--out", out, "--epochs", "1"] + Workspace.quick)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("\(out).clips: 6 clips drawn") && outcome.errors.contains("ground-clockwise"))
        let manifest = try String(contentsOfFile: out + ".clips/clips.csv", encoding: .utf8)
        #expect(manifest.split(separator: "\n").count == 7 && manifest.hasPrefix("path,label\n00000.mp4,"))
        #expect(try sora("info", out).output.contains("ground-swing"))
    }

    @Test func eitherFilesOrFormulas() throws {
        for options in [
            [], ["--data", "x", "--formula", "4"], ["--formula", "1"], ["--data", "x", "--head", "binary"],
            ["--data", "x", "--mixup", "0.5"], ["--data", "x", "--balance", "weights"],
        ] {
            #expect(try sora(["pretrain", "--out", "x.safetensors"] + options).status == 64)
        }
        let outcome = try sora("pretrain", "--data", "/nowhere/at/all", "--out", "x.safetensors")
        #expect(outcome.status == 1 && outcome.errors.contains("/nowhere/at/all"))
    }

    @Test func previewShowsARowForEachClip() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let (out, picture) = (folder + "/m.safetensors", folder + "/seen.png")
        let outcome = try sora(
            [
                "train", "--data", workspace.clips, "--out", out, "--strength", "8", "--mixup", "0.5", "--preview",
                picture,
            ]
                + Workspace.quick)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("nothing was trained"))
        #expect(!FileManager.default.fileExists(atPath: out))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
        #expect(bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        let json = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--preview", picture, "--json"] + Workspace.quick
        ).objects()
        let rows = try #require(json.first?["rows"] as? [String])
        #expect(rows.count == 4 && !rows.contains { $0.contains("motion") })
        let moving = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--preview", picture, "--json", "--motion", "beside"]
                + Workspace.quick
        ).objects()
        #expect((moving.first?["rows"] as? [String])?.filter { $0.hasSuffix("  motion") }.count == 4)
    }

    /// Two views of each clip below one another; clips that formulas draw are drawn for the picture alone.
    @Test func previewShowsBothViews() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let (out, picture) = (folder + "/m.safetensors", folder + "/seen.png")
        for source in [["--data", workspace.clips], ["--formula", "2000", "--motion", "stacked"]] {
            let outcome = try sora(
                ["pretrain", "--out", out, "--preview", picture, "--json"] + source + Workspace.quick)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let rows = try #require(outcome.objects().first?["rows"] as? [String])
            #expect(rows.count == 8)
            for pair in stride(from: 0, to: rows.count, by: 2) { #expect(rows[pair] == rows[pair + 1]) }
            #expect(Set(rows).count == 4)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["seen.png"])
        }
    }

    /// Frozen stages that nobody gave weights for are said to be random.
    @Test func randomFrozenStagesAreNamed() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/m.safetensors"
        let outcome = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--freeze", "stem", "--thaw", "1", "--epochs", "1"]
                + Workspace.quick)
        #expect(
            outcome.status == 0 && outcome.errors.contains("stay as they were drawn at random"), "\(outcome.errors)")
        #expect(try sora(["train", "--data", workspace.clips, "--out", out, "--thaw", "2"]).status == 64)
        let endless = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--warm-up", "3"] + ["--epochs", "2"] + Workspace.quick)
        #expect(endless.status == 64 && endless.errors.contains("--warm-up 3.0"), "\(endless.errors)")
    }
}
