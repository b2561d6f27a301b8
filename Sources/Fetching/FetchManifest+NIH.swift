import Basics
import Foundation

// NIH ChestX-ray14 (Wang et al., CVPR 2017), as the NIH Clinical Center publishes it in the folder ChestXray-NIHCC of its Box.
//
// Where the table comes from:
// - the archives' links: NIH's own `batch_download_zips.py` in that folder (file 371647823217), which names the twelve links in the
//   order of images_01.tar.gz to images_12.tar.gz; the web page lists the same files as images_001.tar.gz to images_012.tar.gz;
// - their MD5 sums: NIH's FAQ_CHESTXRAY.pdf in that folder (file 249502714403), question 7;
// - their SHA-256 sums: two independent copies of the archives whose keepers published the sums they computed, which agree in all
//   twelve. The SHA-1 sums that Box shows (also in hpca-uji/PyDTNN, pydtnn/datasets/chestxray.py) were published beside one of them,
//   so that the two lists hang together;
// - their sizes: the totals in Box's answers to range requests; they add up to the 45,079,862,784 bytes that Box shows;
// - the lists: Box file numbers and sizes as Box shows them, SHA-256 sums that at least two independent keepers published; for the
//   box list, the training and the test list also those of a copy that came by way of another host;
// - README_CHESTXRAY.pdf: its size as downloaded from Box. Its sum is published only for a copy of unknown origin, so none is here.
//
// No sum is our own: none of these files was there to compute one from.

extension FetchManifest {
    /// The whole of NIH ChestX-ray14: 112,120 radiographs, 42 GiB of archives.
    public static let nih = FetchManifest(
        name: "nih", page: nihPage, credit: nihCredit, files: nihLists + nihDocuments + nihArchives, images: .all)

    /// What the images with radiologists' boxes need: both lists, and from the archives only the images that the box list names.
    public static let nihBoxes = FetchManifest(
        name: "nih-boxes", page: nihPage, credit: nihCredit, files: nihLists + nihArchives, images: .listed(in: boxList))

    private static let nihPage = "https://nihcc.app.box.com/v/ChestXray-NIHCC"
    private static let nihCredit =
        "Free to use; name the NIH Clinical Center as the source, link to its page and cite Wang et al., ChestX-ray8, CVPR 2017."

    private static let boxList = "BBox_List_2017.csv"
    private static let dataEntry = "Data_Entry_2017.csv"

    private static let nihLists = [
        RemoteFile(
            name: boxList, url: boxFile(219_760_940_956), byteCount: 92_416,
            sums: [PublishedSum(.sha256, "0bbfea9d4c4e9771481b3023b1bc9f0df9dea924453b12986beb29b0c4d0c95b")]),
        // The revision of 2020 under the name of 2017, which is what readers of the archive look for.
        RemoteFile(
            name: dataEntry, sourceNames: ["Data_Entry_2017_v2020.csv", dataEntry], url: boxFile(219_760_887_468),
            byteCount: 9_003_496, sums: [PublishedSum(.sha256, "c69a6daca3549af707ca9cacbdf9f9a7b6a9188e8c61157df653520bb72d8eb1")]),
    ]

    private static let nihDocuments = [
        RemoteFile(
            name: "train_val_list.txt", url: boxFile(256_056_636_701), byteCount: 1_470_907,
            sums: [PublishedSum(.sha256, "61fbe896321c1c1c8b75f3e4f3a08e4fef6486d95ef8a667c31d4d60dca6cb81")]),
        RemoteFile(
            name: "test_list.txt", url: boxFile(256_055_473_534), byteCount: 435_131,
            sums: [PublishedSum(.sha256, "38ca5ef7f756092946f57c1a59faca882ed589a1ab1f72590b45dc06c6d5e1cc")]),
        RemoteFile(name: "README_CHESTXRAY.pdf", url: boxFile(220_660_789_610), byteCount: 848_327, sums: []),
    ]

    private static let nihArchives = nihArchiveTable.enumerated().map { index, row in
        let name = { (digits: Int) in "images_\(String(repeating: "0", count: digits - "\(index + 1)".count))\(index + 1).tar.gz" }
        return RemoteFile(
            name: name(2), sourceNames: [name(2), name(3)],
            url: boxURL("https://nihcc.box.com/shared/static/\(row.link).gz"), byteCount: row.byteCount,
            sums: [PublishedSum(.sha256, row.sha256), PublishedSum(.md5, row.md5)], role: .imageArchive)
    }

    private static let nihArchiveTable: [(link: String, byteCount: Int, md5: String, sha256: String)] = [
        (
            "vfk49d74nhbxq3nqjg0900w5nvkorp5c", 2008470987, "fe8ed0a6961412fddcbb3603c11b3698",
            "fd8e3542db6351ae9377779033f5d5c5f32fe50eb0830b519fbf1a7e791354b1"
        ),
        (
            "i28rlmbvmfjbl8p2n3ril0pptcmcu9d1", 3952623504, "ab07a2d7cbe6f65ddd97b4ed7bde10bf",
            "c849cfa5504b8cffb301952bf93d53d3d39d7d931bc88bb70427b4a67de0740a"
        ),
        (
            "f1t00wrtdk94satdfb9olcolqx20z2jp", 3929234850, "2301d03bde4c246388bad3876965d574",
            "6a90a979850545e30ed3e9ba96de2f063db13aa2a3c22363820d3f70d8c882c8"
        ),
        (
            "0aowwzs5lhjrceb3qp67ahp0rd1l1etg", 3838903983, "9f1b7f5aae01b13f4bc8e2c44a4b8ef6",
            "1ca953ec37fe9c132ec49743f9651b707884c6c76e6e3a33853940c13372a385"
        ),
        (
            "v5e3goj22zr6h8tzualxfsqlqaygfbsn", 3935496531, "1861f3cd0ef7734df8104f2b0309023b",
            "a058c365478454dc7395ee2897c2b63a3bf108739b857046838859227e42e743"
        ),
        (
            "asi7ikud9jwnkrnkj99jnpfkjdes7l6l", 3986301172, "456b53a8b351afd92a35bc41444c58c8",
            "9b00987d39e4c9e4ab18b7426db82197c043dacec5a827141446c3900d39d5dd"
        ),
        (
            "jn1b4mw4n6lnh74ovmcjb8y48h8xj07n", 4016328426, "1075121ea20a137b87f290d6a4a5965e",
            "7868b43798cf1bc9ae98d142644864b056e64edda3be12f7504f16485ac382ff"
        ),
        (
            "tvpxmn7qyrgl0w8wfh9kqfjskv6nmm1j", 4018347353, "b61f34cec3aa69f295fbb593cbd9d443",
            "823088934d0ea57b4a7384446560bcdb825e712932b69e8541a84acee10af447"
        ),
        (
            "upyy3ml7qdumlgk2rfcvlb9k6gvqq2pj", 4111327929, "442a3caa61ae9b64e61c561294d1e183",
            "bdd5bfe76323b630f5f83a013a0f2f100d1b03fdaea25240844e8763c1e40a51"
        ),
        (
            "l6nilvfa9cg3s28tqv1qc1olm3gnz54p", 4181556296, "09ec81c4c31e32858ad8cf965c494b74",
            "8f18699d3baad03cdf8946220a95e8d2bab555dc8e4be99e13bc0366a72aba1c"
        ),
        (
            "hhq8fkdgvcari67vfhs7ppg2w6ni4jze", 4187084020, "499aefc67207a5a97692424cf5dbeed5",
            "7e7d190f71b5b792c495acb2eebbbf0563a8c528adb23e9335ec3b79cb5b486f"
        ),
        (
            "ioqwiy20ihqwyr8pf4c24eazhh281pbu", 2914187733, "dc9fda1757c2de0032b63347a7d2895c",
            "7316ce5f4d5e0154730e592cc2b45b48a2bee8457f6339d36c2ca55ed6e60b26"
        ),
    ]

    /// A file of the folder by the number that Box gives it.
    private static func boxFile(_ number: Int) -> URL {
        boxURL("https://nihcc.app.box.com/index.php?rm=box_download_shared_file&vanity_name=ChestXray-NIHCC&file_id=f_\(number)")
    }

    /// Only for the texts above, all of which are URLs (a test walks through them).
    private static func boxURL(_ text: String) -> URL { URL(string: text) ?? URL(fileURLWithPath: "/") }
}
