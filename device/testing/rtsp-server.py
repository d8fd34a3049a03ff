"""A camera for tests: GStreamer's RTSP server, told what to serve by one JSON argument and what to do by lines on stdin.

Answers on stdout, one JSON object a line: {"ready": port}, then {"done": command} for each command.
Commands: "stall PATH", "resume PATH", "size PATH WIDTH HEIGHT", "pattern PATH NAME". Ends when stdin does.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer

ENCODERS = {
    "h264": "x264enc tune=zerolatency sliced-threads=false speed-preset=ultrafast key-int-max={keys} bitrate={kbits} "
    "! video/x-h264,profile=baseline ! valve name=valve ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "h264-reordered": "x264enc speed-preset=ultrafast bframes=2 rc-lookahead=4 key-int-max={keys} bitrate={kbits} "
    "! video/x-h264,profile=main ! valve name=valve ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={keys} bitrate={kbits} "
    "! valve name=valve ! rtph265pay name=pay0 pt=96 config-interval=-1",
    "mjpeg": "jpegenc quality=70 ! valve name=valve ! rtpjpegpay name=pay0 pt=26",
}
AUDIO = {
    "pcmu": "audiotestsrc is-live=true volume=0.1 ! audio/x-raw,rate=8000,channels=1 ! mulawenc "
    "! valve name=audiovalve ! rtppcmupay name=pay1 pt=0",
    "aac": "audiotestsrc is-live=true volume=0.1 ! audio/x-raw,rate=44100,channels=1 ! voaacenc bitrate=48000 "
    "! valve name=audiovalve ! rtpmp4gpay name=pay1 pt=97",
    "opus": "audiotestsrc is-live=true volume=0.1 ! audio/x-raw,rate=48000,channels=2 ! opusenc "
    "! valve name=audiovalve ! rtpopuspay name=pay1 pt=97",
}


def video_launch(mount):
    caps = "video/x-raw,format=I420,width={width},height={height},framerate={fps}/1".format(**mount)
    encoder = ENCODERS[mount["codec"]].format(keys=mount["keyInterval"], kbits=mount["kilobitsPerSecond"])
    return "videotestsrc name=scene is-live=true pattern={} ! capsfilter name=size caps={} ! queue ! {}".format(mount["pattern"], caps, encoder)


def launch(mount):
    parts = []
    if mount.get("codec"):
        parts.append(video_launch(mount))
    if mount.get("audio"):
        sound = AUDIO[mount["audio"]]
        parts.append(sound if mount.get("codec") else sound.replace("pay1", "pay0"))
    return "( " + " ".join(parts) + " )"


class Camera:
    def __init__(self, config):
        self.config = config
        self.medias = {}
        self.factories = {}
        self.mounts = {}
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service(str(config.get("port", 0)))
        if "login" in config or "tls" in config:
            self.server.set_auth(self.auth())
        for mount in config["mounts"]:
            self.add(mount)

    def auth(self):
        auth = GstRtspServer.RTSPAuth()
        login = self.config.get("login")
        if login:
            token = GstRtspServer.RTSPToken()
            token.set_string("media.factory.role", "user")
            if login["method"] == "basic":
                basic = GstRtspServer.RTSPAuth.make_basic(login["username"], login["password"])
                auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
                auth.add_basic(basic, token)
            else:
                auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
                auth.add_digest(login["username"], login["password"], token)
        else:
            token = GstRtspServer.RTSPToken()
            token.set_string("media.factory.role", "user")
            auth.set_default_token(token)
        if "tls" in self.config:
            auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(self.config["tls"]))
        return auth

    def add(self, mount):
        path = mount["path"]
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch(mount))
        factory.set_shared(True)
        self.factories[path] = factory
        self.mounts[path] = mount
        if "login" in self.config or "tls" in self.config:
            permissions = GstRtspServer.RTSPPermissions()
            for right in ("media.factory.access", "media.factory.construct"):
                permissions.add_permission_for_role("user", right, True)
            factory.set_permissions(permissions)
        factory.connect("media-configure", lambda _factory, media: self.medias.__setitem__(path, media))
        self.server.get_mount_points().add_factory(path, factory)

    def element(self, path, name):
        media = self.medias.get(path)
        return media.get_element().get_by_name_recurse_up(name) if media else None

    def command(self, words):
        verb, path = words[0], words[1]
        if verb in ("stall", "resume"):
            for name in ("valve", "audiovalve"):
                valve = self.element(path, name)
                if valve:
                    valve.set_property("drop", verb == "stall")
        elif verb == "size":
            caps = self.element(path, "size").get_property("caps").copy()
            caps.set_value("width", int(words[2]))
            caps.set_value("height", int(words[3]))
            self.element(path, "size").set_property("caps", caps)
            # Whoever opens the stream anew finds the new size, too.
            self.mounts[path].update(width=int(words[2]), height=int(words[3]))
            self.factories[path].set_launch(launch(self.mounts[path]))
        elif verb == "pattern":
            Gst.util_set_object_arg(self.element(path, "scene"), "pattern", words[2])
        else:
            raise ValueError(verb)


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    camera = Camera(json.loads(sys.argv[1]))
    if camera.server.attach(None) == 0:
        sys.exit("cannot listen")
    say = lambda value: print(json.dumps(value), flush=True)

    def on_line(channel, _condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        try:
            camera.command(line.split())
            say({"done": line.strip()})
        except Exception as error:
            say({"failed": str(error)})
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
    say({"ready": camera.server.get_bound_port()})
    loop.run()


main()
