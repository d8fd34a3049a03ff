"""NetworkManager for tests, on a real bus: the template of python3-dbusmock, and on top of it what that leaves out. Emulated, not
NetworkManager: activation that takes time and can fail, addresses, checkpoints, profiles that are not saved, access point mode."""

import dbus
import dbusmock
from dbusmock.templates import networkmanager as base
from dbusmock.templates.networkmanager import *  # noqa: F401,F403 the methods of the template
from gi.repository import GLib

BUS_NAME, MAIN_OBJ, SYSTEM_BUS, IS_OBJECT_MANAGER = base.BUS_NAME, base.MAIN_OBJ, True, True
ROOT = base.MANAGER_OBJ
WIFI = ROOT + '/Devices/wlan0'
AP_MODE, INFRA_MODE = 3, 2
DISCONNECTED, ACTIVATED, FAILED, CONFIG = 30, 100, 120, 50
NO_SECRETS = 7


class World:
    """What stands around the device: which networks take which passphrase."""

    def __init__(self, parameters):
        self.delay_ms = int(parameters.get('delay_ms', 100))
        self.passphrases = {str(k): str(v) for k, v in parameters.get('passphrases', {}).items()}
        self.checkpoints = {}
        self.count = 0


world = None


def load(mock, parameters):
    global world
    world = World(parameters)
    base.load(mock, parameters)
    root = dbusmock.get_object(ROOT)
    root.activate, root.add_and_activate, root.deactivate = activate, add_and_activate, deactivate
    root.checkpoint_create, root.checkpoint_end = checkpoint_create, checkpoint_end
    for name, taken, given, code in [
        ('ActivateConnection', 'ooo', 'o', 'ret = self.activate(self, args[0], args[1])'),
        ('AddAndActivateConnection', 'a{sa{sv}}oo', 'oo', 'ret = self.add_and_activate(self, args[0], args[1])'),
        ('DeactivateConnection', 'o', '', 'self.deactivate(self, args[0])'),
        ('CheckpointCreate', 'aouu', 'o', 'ret = self.checkpoint_create(self, args[1])'),
        ('CheckpointDestroy', 'o', '', 'self.checkpoint_end(self, args[0], False)'),
        ('CheckpointRollback', 'o', 'a{su}', 'self.checkpoint_end(self, args[0], True); ret = {}'),
    ]:
        root.AddMethod(base.MANAGER_IFACE, name, taken, given, code)


def device():
    return dbusmock.get_object(WIFI)


def set_device(state, reason=0):
    old = device().Get(base.DEVICE_IFACE, 'State')
    device().Set(base.DEVICE_IFACE, 'State', dbus.UInt32(state))
    device().EmitSignal(base.DEVICE_IFACE, 'StateChanged', 'uuu', [dbus.UInt32(state), old, dbus.UInt32(reason)])


def ssid_of(profile):
    return bytes(profile['802-11-wireless']['ssid']).decode()


def profile_of(path):
    return dbusmock.get_object(path).settings


def add_and_activate(self, profile, _device):
    settings = dbusmock.get_object(base.SETTINGS_OBJ)
    path = settings.SettingsAddConnection(profile)
    return dbus.ObjectPath(path), activate(self, path, WIFI)


def activate(self, path, _device):
    for active in list(self.Get(base.MANAGER_IFACE, 'ActiveConnections')):
        deactivate(self, active)
    world.count += 1
    name = 'a%d' % world.count
    active = self.AddActiveConnection([WIFI], path, '/', name, dbus.UInt32(1))
    set_device(CONFIG)
    GLib.timeout_add(world.delay_ms, lambda: finish(self, active, path))
    return dbus.ObjectPath(active)


def finish(self, active, path):
    if active not in self.Get(base.MANAGER_IFACE, 'ActiveConnections'):
        return False
    profile = profile_of(path)
    if str(profile['802-11-wireless'].get('mode', 'infrastructure')) == 'ap':
        device().Set(base.WIRELESS_DEVICE_IFACE, 'Mode', dbus.UInt32(AP_MODE))
        return up(active, '10.42.0.1', '')
    device().Set(base.WIRELESS_DEVICE_IFACE, 'Mode', dbus.UInt32(INFRA_MODE))
    ssid = ssid_of(profile)
    point = next((p for p in device().access_points if ssid_bytes(p) == ssid), None)
    wanted = world.passphrases.get(ssid)
    given = profile.get('802-11-wireless-security', {}).get('psk')
    if point is None or (wanted is not None and given != wanted):
        fail(self, active, NO_SECRETS if point else 53)
        return False
    put(base.WIRELESS_DEVICE_IFACE, 'ActiveAccessPoint', dbus.ObjectPath(point))
    return up(active, '192.168.7.20', '192.168.7.1')


def ssid_bytes(point):
    return bytes(dbusmock.get_object(point).Get(base.ACCESS_POINT_IFACE, 'Ssid')).decode()


def put(interface, name, value):
    device().props.setdefault(interface, {})[name] = value


def up(active, address, gateway):
    path = ROOT + '/IP4Config/1'
    data = dbus.Array([dbus.Dictionary({'address': address, 'prefix': dbus.UInt32(24)}, signature='sv')], signature='a{sv}')
    if path not in dbusmock.mockobject.objects:
        device().AddObject(path, ROOT.replace('/', '.')[1:] + '.IP4Config', {'AddressData': data, 'Gateway': gateway}, [])
    config = dbusmock.get_object(path).props['org.freedesktop.NetworkManager.IP4Config']
    config['AddressData'], config['Gateway'] = data, gateway
    put(base.DEVICE_IFACE, 'Ip4Config', dbus.ObjectPath(path))
    dbusmock.get_object(active).Set(base.ACTIVE_CONNECTION_IFACE, 'State', dbus.UInt32(2))
    set_device(ACTIVATED)
    return False


def fail(self, active, reason):
    set_device(FAILED, reason)
    deactivate(self, active)


def deactivate(self, active):
    if active in self.Get(base.MANAGER_IFACE, 'ActiveConnections'):
        self.RemoveActiveConnection(WIFI, active)
    put(base.WIRELESS_DEVICE_IFACE, 'ActiveAccessPoint', dbus.ObjectPath('/'))
    device().Set(base.WIRELESS_DEVICE_IFACE, 'Mode', dbus.UInt32(INFRA_MODE))


def checkpoint_create(self, timeout_s):
    path = ROOT + '/Checkpoint/%d' % (len(world.checkpoints) + 1)
    active = list(self.Get(base.MANAGER_IFACE, 'ActiveConnections'))
    before = [dbusmock.get_object(a).Get(base.ACTIVE_CONNECTION_IFACE, 'Connection') for a in active]
    world.checkpoints[path] = (before, list(dbusmock.get_object(base.SETTINGS_OBJ).ListConnections()))
    GLib.timeout_add(int(timeout_s) * 1000, lambda: path in world.checkpoints and checkpoint_end(self, path, True))
    return dbus.ObjectPath(path)


def checkpoint_end(self, path, is_rollback):
    before, connections = world.checkpoints.pop(str(path))
    if not is_rollback:
        return False
    for active in list(self.Get(base.MANAGER_IFACE, 'ActiveConnections')):
        deactivate(self, active)
    for connection in list(dbusmock.get_object(base.SETTINGS_OBJ).ListConnections()):
        if connection not in connections:
            dbusmock.get_object(connection).ConnectionDelete(dbusmock.get_object(connection))
    for connection in before:
        activate(self, connection, WIFI)
    return False


@dbus.service.method('org.kerberos.Test', in_signature='ss', out_signature='')
def KnowNetwork(self, ssid, passphrase):
    """A network that was joined before: its passphrase is kept, as NetworkManager keeps it, out of the settings it tells."""
    settings = dbusmock.get_object(base.SETTINGS_OBJ)
    settings.SettingsAddConnection({
        'connection': dbus.Dictionary({'id': ssid, 'type': '802-11-wireless'}, signature='sv'),
        '802-11-wireless': dbus.Dictionary({'ssid': dbus.ByteArray(ssid.encode())}, signature='sv'),
        '802-11-wireless-security': dbus.Dictionary({'psk': passphrase}, signature='sv'),
    })


@dbus.service.method('org.kerberos.Test', in_signature='s', out_signature='')
def Join(self, ssid):
    settings = dbusmock.get_object(base.SETTINGS_OBJ)
    path = next(p for p in settings.ListConnections() if ssid_of(profile_of(p)) == ssid)
    activate(dbusmock.get_object(ROOT), path, WIFI)


@dbus.service.method('org.kerberos.Test', in_signature='ss', out_signature='')
def Demand(self, ssid, passphrase):
    world.passphrases[str(ssid)] = str(passphrase)


@dbus.service.method('org.kerberos.Test', in_signature='', out_signature='s')
def Profiles(self):
    """What is kept, with secrets: for the test alone."""
    kept = []
    for path in dbusmock.get_object(base.SETTINGS_OBJ).ListConnections():
        profile = profile_of(path)
        security = profile.get('802-11-wireless-security', {})
        kept.append('%s %s %s' % (profile['connection']['id'], profile['802-11-wireless'].get('mode', '-'), security.get('psk', '-')))
    return '\n'.join(kept)


@dbus.service.method('org.kerberos.Test', in_signature='', out_signature='')
def Lose(self):
    """The router is switched off."""
    root = dbusmock.get_object(ROOT)
    for active in list(root.Get(base.MANAGER_IFACE, 'ActiveConnections')):
        deactivate(root, active)


@dbus.service.method('org.kerberos.Test', in_signature='', out_signature='')
def LoseUnnoticed(self):
    """The same, as NetworkManager 1.42 tells it when the supplicant listens again at once: no access point, and activated for good."""
    put(base.WIRELESS_DEVICE_IFACE, 'ActiveAccessPoint', dbus.ObjectPath('/'))
