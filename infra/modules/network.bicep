param name string
param location string
param tags object
param addressPrefix string
param delegation string
param storageAccountId string
param vaultId string

var appPrefix = cidrSubnet(addressPrefix, 27, 0)
var endpointsPrefix = cidrSubnet(addressPrefix, 27, 1)

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appPrefix
          delegations: [{ name: 'app', properties: { serviceName: delegation } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointsPrefix
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

// The host keeps its state in blobs, queues and tables. A name of a zone is that of the service's address in this cloud.
var storageSuffix = environment().suffixes.storage
var targets = [
  { service: 'blob', resourceId: storageAccountId, zone: 'privatelink.blob.${storageSuffix}' }
  { service: 'queue', resourceId: storageAccountId, zone: 'privatelink.queue.${storageSuffix}' }
  { service: 'table', resourceId: storageAccountId, zone: 'privatelink.table.${storageSuffix}' }
  {
    service: 'vault'
    resourceId: vaultId
    zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, index) in targets: {
    parent: zones[index]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for target in targets: {
    name: 'pe-${name}-${target.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpoints.id }
      privateLinkServiceConnections: [
        {
          name: target.service
          properties: {
            privateLinkServiceId: target.resourceId
            groupIds: [target.service]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (target, index) in targets: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: target.service, properties: { privateDnsZoneId: zones[index].id } }]
    }
    dependsOn: [links[index]]
  }
]

output appSubnetId string = network::app.id
